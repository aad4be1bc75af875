using Tape.Tables.Parts;

namespace Tape.Tables.Rows;

/// <summary>From the order of the tape to parts and their order.</summary>
public sealed partial class RowBuffer
{
    /// <summary>Splits the rows by venue and UTC day of ts_recv, in the order of (venue, day); every row is in exactly one part.</summary>
    public IReadOnlyList<PartRows> Split()
    {
        var groups = new Dictionary<(string Venue, DateOnly Day), List<int>>();
        var received = _columns[ReceivedColumn].Integers;
        (string Venue, long From, long ToExcl, List<int> Rows) last = ("", 0, 0, []);
        for (var row = 0; row < Count; row++)
        {
            var time = received[row];
            if (!ReferenceEquals(_exchangeNames[row], last.Venue) || time < last.From || time >= last.ToExcl)
                last = GroupOf(groups, _exchangeNames[row], time);
            last.Rows.Add(row);
        }
        var ranks = SymbolRanks();
        return [.. groups.OrderBy(group => group.Key.Venue, StringComparer.Ordinal).ThenBy(group => group.Key.Day)
            .Select(group => PartOf(group.Key.Venue, group.Key.Day, group.Value, ranks))];
    }

    private static (string, long, long, List<int>) GroupOf(Dictionary<(string, DateOnly), List<int>> groups, string venue, long time)
    {
        var day = new UnixNanos(time).Day;
        if (!groups.TryGetValue((venue, day), out var rows)) groups[(venue, day)] = rows = [];
        var start = (day.DayNumber - 719_162L) * UnixNanos.PerDay;
        return (venue, start, start + UnixNanos.PerDay, rows);
    }

    private PartRows PartOf(string venue, DateOnly day, List<int> rows, int[] ranks)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        var received = _columns[ReceivedColumn].Integers;
        foreach (var row in rows) (min, max) = (Math.Min(min, received[row]), Math.Max(max, received[row]));
        return new(venue, day, BySymbol(rows, ranks), min, max);
    }

    /// <summary>A counting sort by symbol; it keeps the order of the tape within a symbol.</summary>
    private int[] BySymbol(List<int> rows, int[] ranks)
    {
        var starts = new int[ranks.Length + 1];
        foreach (var row in rows) starts[ranks[_symbolNumbers[row]] + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var sorted = new int[rows.Count];
        foreach (var row in rows) sorted[starts[ranks[_symbolNumbers[row]]]++] = row;
        return sorted;
    }

    private int[] SymbolRanks()
    {
        var order = Enumerable.Range(0, _symbols.KnownCount).ToArray();
        Array.Sort(order, (left, right) => _symbols[_symbols.Known(left)].SequenceCompareTo(_symbols[_symbols.Known(right)]));
        var ranks = new int[order.Length];
        for (var i = 0; i < order.Length; i++) ranks[order[i]] = i;
        return ranks;
    }
}
