using Tape.Simulator.Serving;

namespace Tape.Simulator.Market;

/// <summary>
/// The subscribed streams whose frames come at random: per symbol the taker orders (as orders and as single fills) and the quotes. Quotes are twice as
/// frequent.
/// </summary>
internal sealed class RandomSources(int symbols)
{
    private readonly Source[] _orders = [.. Enumerable.Range(0, symbols).Select(i => new Source(i, isBook: false))];
    private readonly Source[] _books = [.. Enumerable.Range(0, symbols).Select(i => new Source(i, isBook: true))];
    private Source[] _wheel = [];

    /// <summary>Sum of the weights of what is active; 0 when nothing is.</summary>
    public int Total => _wheel.Length;

    /// <summary>One of the active sources, by weight.</summary>
    public Source Pick(Random random) => _wheel[random.Next(_wheel.Length)];

    /// <summary>Whether taker orders of a symbol are being made.</summary>
    public bool Trades(int symbol) => _orders[symbol].IsActive;

    /// <returns>How long the source was idle before it became active again; zero otherwise.</returns>
    public TimeSpan SetActive(SimulatedStream stream, bool active, UnixNanos now)
    {
        var source = (stream.Kind == StreamKind.Quotes ? _books : _orders)[stream.Symbol];
        var before = source.IsActive;
        source.Attach(stream);
        if (source.IsActive == before) return TimeSpan.Zero;
        _wheel = [.. _orders.Where(s => s.IsActive), .. _books.Where(s => s.IsActive), .. _books.Where(s => s.IsActive)];
        if (active) return source.IdleSince is { } since ? now.Since(since) : TimeSpan.Zero;
        source.IdleSince = now;
        return TimeSpan.Zero;
    }

    internal sealed class Source(int symbol, bool isBook)
    {
        public int Symbol => symbol;

        public bool IsBook => isBook;

        public SimulatedStream? Orders { get; private set; }

        public SimulatedStream? Fills { get; private set; }

        public SimulatedStream? Quotes { get; private set; }

        public UnixNanos? IdleSince { get; set; }

        public bool IsActive => Orders is { IsActive: true } || Fills is { IsActive: true } || Quotes is { IsActive: true };

        public void Attach(SimulatedStream stream)
        {
            if (stream.Kind == StreamKind.Orders) Orders = stream;
            else if (stream.Kind == StreamKind.Fills) Fills = stream;
            else Quotes = stream;
        }
    }
}
