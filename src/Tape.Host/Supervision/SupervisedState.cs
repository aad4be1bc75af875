namespace Tape.Host.Supervision;

/// <summary>
/// The state of a recording as all of its processes see it: the worst that one of them reports, with the reasons of all. The one place that decides what
/// alerts say. Thread-safe.
/// </summary>
/// <param name="changed">Takes each change of the state, under a lock: it must return at once.</param>
public sealed class SupervisedState(TimeProvider time, Action<StateChange> changed)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StateReport> _reports = new(StringComparer.Ordinal);
    private StateReport _state = StateReport.Starting;

    /// <summary>What a source says now, in place of what it said before.</summary>
    /// <param name="source">A part of the recording: its recorder, its server.</param>
    /// <param name="report">Null when there is nothing to say of it any more.</param>
    public void Set(string source, StateReport? report)
    {
        lock (_gate)
        {
            if (report is null) _reports.Remove(source);
            else _reports[source] = report;
            var before = _state;
            _state = Merged();
            if (_state.State != before.State) changed(new StateChange(UnixNanos.From(time.GetUtcNow()), before, _state));
        }
    }

    /// <summary>A source that is starting says nothing about the others; READY has no reasons.</summary>
    private StateReport Merged()
    {
        if (_reports.Count == 0) return StateReport.Starting;
        var state = _reports.Values.Max(report => report.State);
        var telling = _reports.Values.Where(report => report.State > RecorderState.Ready || report.State == state).ToList();
        return new(state, [.. telling.SelectMany(report => report.Why).Distinct()], [.. telling.SelectMany(report => report.Advice).Distinct()]);
    }
}
