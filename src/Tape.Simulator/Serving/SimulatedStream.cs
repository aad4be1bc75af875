namespace Tape.Simulator.Serving;

/// <summary>
/// A stream that a frame source fills, and who listens. Guarded by the hub's lock. A venue that must remember what a stream told derives from it.
/// </summary>
internal class SimulatedStream(string name, string route, StreamKind kind, int symbol, TimeSpan period)
{
    private readonly List<SimulatedConnection> _subscribers = [];

    /// <summary>What a client subscribes to, and what <c>stream=</c> in fault scripts means.</summary>
    public string Name => name;

    /// <summary>The route that delivers it.</summary>
    public string Route => route;

    public StreamKind Kind => kind;

    /// <summary>Index of the symbol, or -1 for all-market streams.</summary>
    public int Symbol => symbol;

    /// <summary>Time between frames of streams that have a fixed pace, else zero.</summary>
    public TimeSpan Period => period;

    /// <summary>What the stream's frames say that they belong to, in UTF-8: the name, where a venue does not have more to say.</summary>
    public byte[] Utf8 { get; init; } = Encoding.UTF8.GetBytes(name);

    /// <summary>What stands before the data where a venue wraps frames with their stream's name.</summary>
    public byte[] Wrap { get; } = Encoding.UTF8.GetBytes($"{{\"stream\":\"{name}\",\"data\":");

    /// <summary>Whether the source is to make frames of it.</summary>
    public bool IsActive { get; set; }

    /// <summary>
    /// The chain of book updates and closed candles as this stream has told it: last update id, or open time of the last closed candle; 0 when it has told
    /// nothing since it became active.
    /// </summary>
    public long LastTold { get; set; }

    public List<SimulatedConnection> Subscribers => _subscribers;
}
