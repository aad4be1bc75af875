using Tape.Derive.Gaps;
using Tape.Storage.Gaps;

namespace Tape.Bench.Gaps;

/// <summary>Compares what was found with what was planted.</summary>
internal sealed class GapScore
{
    private const int FailuresShown = 20;
    private const string Nothing = "nothing";

    private readonly SortedDictionary<string, SortedDictionary<string, long>> _confusion = new(StringComparer.Ordinal);

    /// <param name="told">Everything that was found.</param>
    public GapScore(IReadOnlyList<PlannedGap> planned, IReadOnlyList<GapEntry> told, IReadOnlyList<StreamGapStatus> standings)
    {
        var open = told.ToLookup(gap => standings[gap.Stream].Stream.Key).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var plan in planned) Find(plan, open.GetValueOrDefault(plan.Stream) ?? []);
        foreach (var (key, left) in open)
            foreach (var gap in left)
            {
                Tally(gap.IdFrom != Absent.Integer).ToldFalse++;
                Count(Nothing, Name(gap.Cause, gap.Repaired));
                Fail($"found and not planted: {key} {Name(gap.Cause, gap.Repaired)} {new UnixNanos(gap.From)} to "
                    + $"{(gap.IsOpen ? "open" : new UnixNanos(gap.To).ToString())} ids {gap.IdFrom}..{gap.IdTo} at record {gap.AtSeq}");
            }
    }

    /// <summary>Holes with ids.</summary>
    public Sum Proved { get; } = new();

    /// <summary>Holes that only times tell.</summary>
    public Sum Timed { get; } = new();

    /// <summary>The first differences, as sentences.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>How often a planted cause was found as which, with <c>nothing</c> on either side.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, long>> Confusion => _confusion;

    public bool IsGood => Proved is { Recall: 1, Precision: 1 } && Timed is { Recall: >= 0.999, Precision: >= 0.999 };

    /// <summary>The table of causes, planted down, found across.</summary>
    public void WriteTable(TextWriter output)
    {
        var columns = _confusion.Values.SelectMany(row => row.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        output.WriteLine($"{"planted \\ found",-24}{string.Concat(columns.Select(name => $"{name,17}"))}");
        foreach (var (name, row) in _confusion)
            output.WriteLine($"{name,-24}{string.Concat(columns.Select(column => $"{Cell(row.GetValueOrDefault(column)),17}"))}");
    }

    private static string Cell(long count) => count > 0 ? count.ToString("N0", CultureInfo.InvariantCulture) : ".";

    private void Find(PlannedGap plan, List<GapEntry> told)
    {
        var sum = Tally(plan.HasIds);
        var (planned, index) = (Name(plan.Cause, plan.IsRepaired),
            told.FindIndex(gap => plan.Is(gap) && gap.Cause == plan.Cause && gap.Repaired == plan.IsRepaired));
        if (index < 0) index = told.FindIndex(gap => plan.Is(gap));
        var found = index < 0 ? Nothing : Name(told[index].Cause, told[index].Repaired);
        Count(planned, found);
        if (index >= 0) told.RemoveAt(index);
        if (found == planned)
        {
            sum.Right++;
            return;
        }

        if (index < 0) sum.Missed++;
        else sum.Confused++;
        Fail($"planted and found as {found}: {plan.Anomaly}: {plan.Stream} {planned} {new UnixNanos(plan.From)} to {new UnixNanos(plan.To)} ids {plan.IdFrom}.."
            + $"{plan.IdTo}");
    }

    private Sum Tally(bool hasIds) => hasIds ? Proved : Timed;

    private void Count(string planned, string told)
    {
        if (!_confusion.TryGetValue(planned, out var row)) _confusion[planned] = row = new(StringComparer.Ordinal);
        row[told] = row.GetValueOrDefault(told) + 1;
    }

    private void Fail(string text)
    {
        if (Failures.Count < FailuresShown) Failures.Add(text.Replace(Absent.Integer.ToString(CultureInfo.InvariantCulture), "-", StringComparison.Ordinal));
    }

    private static string Name(GapCause cause, bool isRepaired) => isRepaired ? $"{cause.Name()}, late" : cause.Name();

    /// <summary>How many were found, and how well.</summary>
    internal sealed class Sum
    {
        /// <summary>Planted, and found with their cause and ids.</summary>
        public long Right { get; set; }

        /// <summary>Planted, and found with another cause.</summary>
        public long Confused { get; set; }

        /// <summary>Planted, and not found.</summary>
        public long Missed { get; set; }

        /// <summary>Told, and not planted.</summary>
        public long ToldFalse { get; set; }

        public double Recall => Right + Confused + Missed == 0 ? 1 : (double)Right / (Right + Confused + Missed);

        public double Precision => Right + Confused + ToldFalse == 0 ? 1 : (double)Right / (Right + Confused + ToldFalse);
    }
}
