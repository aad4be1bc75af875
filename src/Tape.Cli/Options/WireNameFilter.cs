using Tape.Storage.Tapes;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Cli.Options;

/// <summary>
/// Takes frames of one stream by the venue's name of it. Asks the decoders of all venues, as a reader that begins in the middle of the tape may not know
/// which venue a connection is of.
/// </summary>
internal sealed class WireNameFilter(string name)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly FrameDecoder[] _decoders = [.. VenueCatalog.All.Select(venue => venue.CreateDecoder())];

    public bool Takes(TapeRecord record)
    {
        if (record.Kind != RecordKind.Frame) return false;
        foreach (var decoder in _decoders)
            if (decoder.StreamName(record.Payload).SequenceEqual(_name)) return true;
        return false;
    }
}
