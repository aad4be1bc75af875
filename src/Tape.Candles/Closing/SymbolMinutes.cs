using Tape.Core.Candles;

namespace Tape.Candles.Closing;

/// <summary>The minutes of one symbol of a venue. Part of the state of derivation.</summary>
internal sealed class SymbolMinutes
{
    public required string Venue { get; init; }

    public required string Symbol { get; init; }

    /// <summary>Where the last minute opens that is decided: those behind it are not, those before it are.</summary>
    public long DecidedMs { get; set; }

    /// <summary>The last minute for which a late trade was told.</summary>
    public long LateToldMs { get; set; } = Absent.Integer;

    public List<SymbolChannel> Channels { get; init; } = [];

    /// <summary>By open time; decided ones stay for a while.</summary>
    public List<OpenMinute> Minutes { get; init; } = [];

    /// <summary>The next minute to be decided.</summary>
    public long NextMs => DecidedMs + Timeframe.MinuteMs;

    public int ChannelOf(StreamKey key)
    {
        for (var index = 0; index < Channels.Count; index++)
            if (ReferenceEquals(Channels[index].Key, key) || Channels[index].Key == key) return index;
        Channels.Add(new SymbolChannel { Key = key });
        return Channels.Count - 1;
    }

    public OpenMinute? Find(long openMs)
    {
        for (var index = Minutes.Count - 1; index >= 0; index--)
            if (Minutes[index].OpenMs == openMs) return Minutes[index];
        return null;
    }

    public OpenMinute Get(long openMs)
    {
        if (Find(openMs) is { } there) return there;
        var minute = new OpenMinute { OpenMs = openMs };
        var at = Minutes.Count;
        while (at > 0 && Minutes[at - 1].OpenMs > openMs) at--;
        Minutes.Insert(at, minute);
        return minute;
    }

    public TradeMinute TradesOf(OpenMinute minute, int channel)
    {
        if (minute.TradesOf(channel) is { } there) return there;
        var trades = new TradeMinute { Channel = channel };
        minute.Trades.Add(trades);
        return trades;
    }
}
