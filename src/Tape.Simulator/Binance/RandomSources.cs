using Tape.Core.Values;

namespace Tape.Simulator.Binance;

/// <summary>The subscribed streams whose frames come at random: per symbol the taker orders (aggregate and raw trades) and the quotes. Quotes are twice as frequent.</summary>
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
    public TimeSpan SetActive(BinanceStream stream, bool active, UnixNanos now)
    {
        var source = (stream.Kind == StreamKind.BookTicker ? _books : _orders)[stream.Symbol];
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

        public BinanceStream? Aggregates { get; private set; }

        public BinanceStream? Trades { get; private set; }

        public BinanceStream? Quotes { get; private set; }

        public UnixNanos? IdleSince { get; set; }

        public bool IsActive => Aggregates is { IsActive: true } || Trades is { IsActive: true } || Quotes is { IsActive: true };

        public void Attach(BinanceStream stream)
        {
            if (stream.Kind == StreamKind.AggTrade) Aggregates = stream;
            else if (stream.Kind == StreamKind.Trade) Trades = stream;
            else Quotes = stream;
        }
    }
}
