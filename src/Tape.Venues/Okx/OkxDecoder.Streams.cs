namespace Tape.Venues.Okx;

/// <summary>The names of streams: <c>trades:BTC-USDT-SWAP</c>, put together from what the frame says, as the venue has no single name for them.</summary>
public sealed partial class OkxDecoder
{
    private const int NameBytesMax = 128;

    private readonly byte[] _name = new byte[NameBytesMax];

    private static ReadOnlySpan<byte> Opening => "{\"arg\":{\"channel\":\""u8;

    private static ReadOnlySpan<byte> InstrumentNext => "\",\"instId\":\""u8;

    private static ReadOnlySpan<byte> Closing => "\"},\""u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame)
    {
        if (!frame.StartsWith(Opening)) return SlowName(frame);
        var rest = frame[Opening.Length..];
        var channelEnd = rest.IndexOf((byte)'"');
        if (channelEnd < 0 || !rest[channelEnd..].StartsWith(InstrumentNext)) return SlowName(frame);
        var instrument = rest[(channelEnd + InstrumentNext.Length)..];
        var instrumentEnd = instrument.IndexOf((byte)'"');
        if (instrumentEnd < 0 || !instrument[instrumentEnd..].StartsWith(Closing) || instrument[(instrumentEnd + Closing.Length)..].StartsWith("event"u8))
            return SlowName(frame);
        return Name(rest[..channelEnd], instrument[..instrumentEnd]);
    }

    private ReadOnlySpan<byte> SlowName(ReadOnlySpan<byte> frame)
    {
        if (Member(frame, "event"u8) is not null || Member(frame, "arg"u8) is not { } token) return default;
        var argument = token.In(frame);
        var instrument = MemberText(argument, "instId"u8);
        return Name(MemberText(argument, "channel"u8), instrument.IsEmpty ? MemberText(argument, "instType"u8) : instrument);
    }

    private ReadOnlySpan<byte> Name(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> instrument)
    {
        var length = channel.Length + 1 + instrument.Length;
        if (channel.IsEmpty || length > NameBytesMax) return default;
        channel.CopyTo(_name);
        _name[channel.Length] = (byte)':';
        instrument.CopyTo(_name.AsSpan(channel.Length + 1));
        return _name.AsSpan(0, length);
    }
}
