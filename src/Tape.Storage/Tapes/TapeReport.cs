namespace Tape.Storage.Tapes;

/// <summary>What walking a whole tape showed.</summary>
public sealed record TapeReport
{
    /// <summary>The tape's id; 0 when the folder holds no segment.</summary>
    public long TapeId { get; init; }

    public int Segments { get; internal set; }
    public long Blocks { get; internal set; }
    public long Bytes { get; internal set; }

    /// <summary>Number of the first record that is there.</summary>
    public long FirstSeq { get; internal set; }

    /// <summary>Number after the last good record.</summary>
    public long NextSeq { get; internal set; }

    public long Records { get; internal set; }

    /// <summary>Records per kind, kinds of newer programs by their number.</summary>
    public SortedDictionary<string, long> Kinds { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes per type.</summary>
    public SortedDictionary<string, long> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Distinct connections.</summary>
    public long Connections { get; internal set; }

    /// <summary>Bytes at the end that are the beginning of a block: a commit on its way, or one that a crash cut. No damage.</summary>
    public long UnfinishedBytes { get; internal set; }

    /// <summary>Everything that is wrong, a sentence each with its place; empty when all is well. At most <see cref="DamageMax"/>.</summary>
    public List<string> Damage { get; } = [];

    /// <summary>Faults that are listed at most; the walk ends there.</summary>
    public const int DamageMax = 1000;

    public bool IsGood => Damage.Count == 0;
}
