using System.Buffers.Binary;
using System.Text;
using Tape.Core.Values;
using Tape.Derive.Books;
using Tape.Derive.Gaps;
using Tape.Venues.Contract;

namespace Tape.Derive.Decoding;

/// <summary>How the frames of one open connection are read: its venue's decoder and the streams that it carries.</summary>
internal sealed class ConnectionContext
{
    private readonly Dictionary<string, StreamKey> _keys = [];
    private const int RecentMax = 256;

    private readonly Dictionary<string, WireStream>.AlternateLookup<ReadOnlySpan<char>> _tallies;
    private readonly Dictionary<string, WireStream> _tallyByWire = [];
    private readonly WireStream?[] _recent = new WireStream?[RecentMax];
    private readonly Func<StreamKey, StreamTally> _tally;

    public ConnectionContext(OpenConnection open, IVenue? venue, FrameDecoder? decoder, Func<StreamKey, StreamTally> tally)
    {
        Open = open;
        Venue = venue?.Name ?? open.Venue;
        Decoder = decoder;
        _tally = tally;
        _tallies = _tallyByWire.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var stream in open.Streams) _keys[stream.Wire] = new StreamKey(Venue, stream.Channel, stream.Symbol);
    }

    public OpenConnection Open { get; }

    /// <summary>The venue's name, one object for all its rows.</summary>
    public string Venue { get; }

    /// <summary>Null when this program does not know the venue (a tape of a newer one).</summary>
    public FrameDecoder? Decoder { get; }

    /// <summary>The connection as the gap ledger sees it; null when nobody keeps one, or it is past this connection already.</summary>
    public TrackedConnection? Tracked { get; set; }

    /// <summary>Finds the book that a stream brings; null when nobody follows books.</summary>
    public Func<StreamKey, CarriedBook?>? Books { get; init; }

    /// <summary>A stream by the venue's name of it; streams that were not asked for are tallied under that name, and no carrier is known of them.</summary>
    public WireStream Stream(ReadOnlySpan<byte> wire)
    {
        ref var recent = ref _recent[PlaceOf(wire)];
        if (recent is null || !wire.SequenceEqual(recent.Wire)) recent = Find(wire);
        return recent;
    }

    /// <summary>After tallies were handed over, or another tracker came: look them up afresh.</summary>
    public void ForgetTallies()
    {
        _tallyByWire.Clear();
        Array.Clear(_recent);
    }

    private WireStream Find(ReadOnlySpan<byte> wire)
    {
        Span<char> name = wire.Length <= 256 ? stackalloc char[256] : new char[wire.Length];
        name = name[..Encoding.UTF8.GetChars(wire, name)];
        if (_tallies.TryGetValue(name, out var tally)) return tally;
        var text = name.ToString();
        var key = _keys.GetValueOrDefault(text) ?? new StreamKey(Venue, text, "");
        return _tallyByWire[text] = new WireStream(wire.ToArray(), _tally(key), Tracked?.Find(text), Books?.Invoke(key));
    }

    /// <summary>Where a name is looked for first: out of its first and last letters, which hold the symbol and the channel.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> wire)
    {
        if (wire.Length < sizeof(ulong)) return wire.Length;
        var letters = BinaryPrimitives.ReadUInt64LittleEndian(wire) ^ (BinaryPrimitives.ReadUInt64LittleEndian(wire[^sizeof(ulong)..]) * 31) ^ (
            ulong)wire.Length;
        return (int)((letters * 0x9E37_79B9_7F4A_7C15) >> 56);
    }

    /// <summary>What is kept of a stream on this connection.</summary>
    public sealed record WireStream(byte[] Wire, StreamTally Tally, StreamCarrier? Carrier, CarriedBook? Book);
}
