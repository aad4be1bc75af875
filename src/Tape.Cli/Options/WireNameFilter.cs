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
    /// <summary>Names of other streams that are kept for the message.</summary>
    private const int OthersMax = 10_000;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly FrameDecoder[] _decoders = [.. VenueCatalog.All.Select(venue => venue.CreateDecoder())];

    public bool Takes(TapeRecord record)
    {
        if (record.Kind != RecordKind.Frame) return false;
        foreach (var decoder in _decoders)
        {
            var found = decoder.StreamName(record.Payload);
            if (found.SequenceEqual(_name)) return true;
            if (found.Length > 0 && _others.Count < OthersMax) _others.Add(Encoding.UTF8.GetString(found));
        }
        return false;
    }

    /// <summary>To be called when no frame was taken.</summary>
    /// <exception cref="UnknownNameException">Always; it names streams that were there.</exception>
    public void RefuseUnknown() => UnknownNameException.Resolve("a stream", "the records that were read", name, _others.Where(other => other != name));
}
