namespace Tape.Candles.Indicators;

/// <summary>
/// Unbroken runs of bars. An indicator knows nothing across a gap: it begins anew with each run, and so never depends on where a question begins.
/// </summary>
public static class BarRuns
{
    /// <summary>Cuts bars into runs in which each opens where the one before ends.</summary>
    /// <param name="bars">By open time, each once.</param>
    /// <param name="lengthMs">Of one bar.</param>
    public static IReadOnlyList<Range> Of(ReadOnlySpan<Bar> bars, long lengthMs)
    {
        var runs = new List<Range>();
        var from = 0;
        for (var index = 1; index <= bars.Length; index++)
        {
            if (index < bars.Length && bars[index].OpenTimeMs == bars[index - 1].OpenTimeMs + lengthMs) continue;
            runs.Add(from..index);
            from = index;
        }

        return bars.IsEmpty ? [] : runs;
    }
}
