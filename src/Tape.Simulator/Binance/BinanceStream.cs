using System.Text;

namespace Tape.Simulator.Binance;

/// <summary>A stream that a frame source fills, and who listens. Guarded by the hub's lock.</summary>
internal sealed class BinanceStream(string name, string route, StreamKind kind, int symbol, TimeSpan period)
{
    private readonly List<BinanceConnection> _subscribers = [];

    public string Name => name;

    /// <summary>The route that delivers it.</summary>
    public string Route => route;

    public StreamKind Kind => kind;

    /// <summary>Index of the symbol, or -1 for all-market streams.</summary>
    public int Symbol => symbol;

    /// <summary>Time between frames of streams that have a fixed pace, else zero.</summary>
    public TimeSpan Period => period;

    /// <summary>What stands before the data in combined mode.</summary>
    public byte[] Wrap { get; } = Encoding.UTF8.GetBytes($"{{\"stream\":\"{name}\",\"data\":");

    /// <summary>Whether the source is to make frames of it.</summary>
    public bool IsActive { get; set; }

    /// <summary>The chain of depth updates and closed candles as this stream has told it: last update id, or open time of the last closed candle.</summary>
    public long LastTold { get; set; }

    public List<BinanceConnection> Subscribers => _subscribers;
}
