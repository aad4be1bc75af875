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

    private byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly HashSet<byte[]> _others = new(Utf8Keys.Instance);
    private readonly FrameDecoder[] _decoders = [.. VenueCatalog.All.Select(venue => venue.CreateDecoder())];

    public bool Takes(TapeRecord record)
    {
        if (record.Kind != RecordKind.Frame) return false;
        var others = _others.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var decoder in _decoders)
        {
            var found = decoder.StreamName(record.Payload);
            if (found.SequenceEqual(_name)) return true;
            if (found.Length == 0 || _others.Count == OthersMax || !others.Add(found)) continue;
            if (!Encoding.UTF8.GetString(found).Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            _name = found.ToArray();
            return true;
        }
        return false;
    }

    /// <summary>Looks whether a tape has the stream at all, where no frame of it was among those that were wanted.</summary>
    /// <param name="reader">At the beginning of the tape.</param>
    /// <exception cref="UnknownNameException">It has others, and not this one.</exception>
    public void RefuseUnknown(TapeReader reader, CancellationToken cancel)
    {
        while (reader.TryRead(out var record))
        {
            cancel.ThrowIfCancellationRequested();
            if (Takes(record)) return;
        }

        if (_others.Count > 0) UnknownNameException.Resolve("a stream", "this tape", name, _others.Select(Encoding.UTF8.GetString));
    }
}
