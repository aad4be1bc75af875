namespace Tape.Bench.Synthetic;

/// <summary>Made-up frames of one venue in today's form, the same for the same seed.</summary>
internal abstract class FrameMaker(Random random)
{
    /// <summary>Kinds of frames that <see cref="Frame"/> makes.</summary>
    public abstract IReadOnlyList<string> KindNames { get; }

    /// <summary>Kinds that are measured together as well: trades and quotes, which a desk gets most of.</summary>
    public abstract IReadOnlyList<string> Mixed { get; }

    /// <summary>Frames of rarer forms.</summary>
    public abstract IReadOnlyList<string> Rare { get; }

    /// <summary>The venue's time in milliseconds since the epoch; moves on with each frame.</summary>
    protected long Milliseconds { get; private set; } = 1_790_526_539_033;

    /// <summary>A rising id.</summary>
    protected long Id { get; private set; } = 3_466_782_974;

    protected Random Random => random;

    /// <summary>The maker of a venue's frames.</summary>
    public static FrameMaker Of(string venue, Random random) => venue switch
    {
        "binance" => new SyntheticBinance(random),
        "bybit" => new SyntheticBybit(random),
        "okx" => new SyntheticOkx(random),
        _ => throw new ArgumentOutOfRangeException(nameof(venue), venue, "No frames are made up for this venue."),
    };

    /// <summary>The next frame of a kind.</summary>
    public byte[] Frame(string kind)
    {
        Milliseconds += random.Next(0, 40);
        Id += random.Next(1, 90);
        return Encoding.UTF8.GetBytes(Text(kind));
    }

    protected abstract string Text(string kind);

    /// <summary>A price near another, with a fixed number of decimals.</summary>
    protected string Near(double price, int decimals) => (price * (1 + (random.NextDouble() / 1000))).ToString("F" + decimals, CultureInfo.InvariantCulture);

    protected string Size(int decimals = 3) => (random.Next(1, 20_000) / 1000.0).ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>1 to 39 book levels.</summary>
    /// <param name="price">What prices are near to.</param>
    /// <param name="decimals">Decimals of prices.</param>
    /// <param name="rest">What stands behind price and quantity.</param>
    protected string Levels(double price, int decimals, string rest = "")
        => string.Join(',', Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"[\"{Near(price, decimals)}\",\"{Size()}\"{rest}]"));
}
