using System.Buffers.Binary;
using Tape.Venues.Contract;

namespace Tape.Derive.Decoding;

/// <summary>How the frames of one open connection are read: its venue's decoder and the streams that it carries.</summary>
internal sealed class ConnectionContext
{
    private const int RecentMax = 256;

    private readonly Dictionary<string, StreamKey> _keys = [];
    private readonly Dictionary<string, WireStream> _streams = [];
    private readonly Dictionary<string, WireStream>.AlternateLookup<ReadOnlySpan<char>> _streamsByName;
    private readonly WireStream?[] _recent = new WireStream?[RecentMax];
    private readonly Func<OpenConnection, string, StreamKey, object?[]> _states;

    /// <param name="states">What the observers keep for a stream, in their order.</param>
    public ConnectionContext(OpenConnection open, IVenue? venue, FrameDecoder? decoder, Func<OpenConnection, string, StreamKey, object?[]> states)
    {
        (Open, Venue, Decoder, _states) = (open, venue?.Name ?? open.Venue, decoder, states);
        _streamsByName = _streams.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var stream in open.Streams) _keys[stream.Wire] = new StreamKey(Venue, stream.Channel, stream.Symbol);
    }

    public OpenConnection Open { get; }

    /// <summary>The venue's name, one object for all its rows.</summary>
    public string Venue { get; }

    /// <summary>Null when this program does not know the venue (a tape of a newer one).</summary>
    public FrameDecoder? Decoder { get; }

    /// <summary>The stream that a frame belongs to; null where it does not say.</summary>
    public WireStream? StreamOf(ReadOnlySpan<byte> frame)
    {
        if (Decoder is null || Decoder.StreamName(frame) is not { IsEmpty: false } wire) return null;
        ref var recent = ref _recent[PlaceOf(wire)];
        if (recent is null || !wire.SequenceEqual(recent.Wire)) recent = Find(wire);
        return recent;
    }

    /// <summary>A stream by the venue's name of it; one that was not asked for goes under that name.</summary>
    public StreamKey KeyOf(string wire) => _keys.GetValueOrDefault(wire) ?? new StreamKey(Venue, wire, "");

    /// <summary>Observers keep something else for streams from now on: ask them afresh.</summary>
    public void ForgetStreams()
    {
        _streams.Clear();
        Array.Clear(_recent);
    }

    private WireStream Find(ReadOnlySpan<byte> wire)
    {
        Span<char> name = wire.Length <= 256 ? stackalloc char[256] : new char[wire.Length];
        name = name[..Encoding.UTF8.GetChars(wire, name)];
        if (_streamsByName.TryGetValue(name, out var stream)) return stream;
        var text = name.ToString();
        return _streams[text] = new WireStream(wire.ToArray(), _states(Open, text, KeyOf(text)));
    }

    /// <summary>Where a name is looked for first: out of its first and last letters, which hold the symbol and the channel.</summary>
    private static int PlaceOf(ReadOnlySpan<byte> wire)
    {
        if (wire.Length < sizeof(ulong)) return wire.Length;
        var letters = BinaryPrimitives.ReadUInt64LittleEndian(wire) ^ (BinaryPrimitives.ReadUInt64LittleEndian(wire[^sizeof(ulong)..]) * 31) ^ (
            ulong)wire.Length;
        return (int)((letters * 0x9E37_79B9_7F4A_7C15) >> 56);
    }

    /// <summary>A stream on this connection, with what each observer keeps for it.</summary>
    public sealed record WireStream(byte[] Wire, object?[] States);
}
