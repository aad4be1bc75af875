using Tape.Core.Values;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;

namespace Tape.Storage.Tests.Retention;

/// <summary>The rules alone, over simulated weeks: one segment an hour of 100 bytes.</summary>
public sealed class ExpiryPlanTests
{
    private const long Hour = 3600 * UnixNanos.PerSecond;
    private static readonly ExpiryRules Week = new();

    [Fact]
    public void Over_six_weeks_the_tape_keeps_seven_days_and_loses_only_its_beginning()
    {
        var tape = new List<SegmentInfo>();
        for (var hour = 0; hour < 6 * 7 * 24; hour++)
        {
            Record(tape, hour);
            var steps = ExpiryPlan.Make(tape, Week, new((hour + 1) * Hour), long.MaxValue);
            Assert.Equal(tape.Take(steps.Count), steps.Select(step => step.Segment));
            Assert.All(steps, step => Assert.Equal(("age", null), (step.Why, step.Obstacle)));
            tape.RemoveRange(0, steps.Count);
            Assert.InRange(tape.Count, Math.Min(hour + 1, 7 * 24), 7 * 24 + 2);
        }
    }

    [Fact]
    public void What_is_due_by_size_goes_oldest_first_until_the_rest_fits()
    {
        var tape = Hours(10);
        var steps = ExpiryPlan.Make(tape, Week with { KeepBytes = 650 }, new(10 * Hour), long.MaxValue);
        Assert.Equal([0, 10, 20, 30], steps.Select(step => step.Segment.FirstSeq));
        Assert.All(steps, step => Assert.Equal("size", step.Why));
    }

    [Fact]
    public void Compressed_segments_count_with_what_they_take()
    {
        var tape = Hours(10).Select(segment => segment.IsFinished ? segment with { CompressedBytes = 10 } : segment).ToList();
        Assert.Empty(ExpiryPlan.Make(tape, Week with { KeepBytes = 190 }, new(10 * Hour), long.MaxValue));
        Assert.Single(ExpiryPlan.Make(tape, Week with { KeepBytes = 189 }, new(10 * Hour), long.MaxValue));
    }

    [Fact]
    public void An_unsealed_segment_stays_and_keeps_all_behind_it()
    {
        var steps = ExpiryPlan.Make(Hours(10), Week with { KeepBytes = 0 }, new(10 * Hour), 25);
        Assert.Equal([0, 10, 20], steps.Select(step => step.Segment.FirstSeq));
        Assert.Equal([null, null, "it is sealed only up to record 25, and it reaches to 30"], steps.Select(step => step.Obstacle));
    }

    [Fact]
    public void The_last_segment_never_goes_however_small_the_limit()
    {
        var steps = ExpiryPlan.Make(Hours(3), Week with { KeepBytes = 0, Keep = TimeSpan.Zero }, new(1000 * Hour), long.MaxValue);
        Assert.Equal(2, steps.Count);
    }

    [Fact]
    public void Nothing_expires_only_because_nobody_recorded() => Assert.Empty(ExpiryPlan.Make(Hours(24), Week, new(10_000 * Hour), long.MaxValue));

    [Fact]
    public void A_wall_clock_that_ran_ahead_while_recording_is_not_believed_once_it_is_back()
    {
        var tape = Hours(5);
        tape.Add(tape[^1] with { FirstSeq = 50, NextSeq = 60, MinTime = new(9_999 * Hour), MaxTime = new(9_999 * Hour) });
        Assert.Empty(ExpiryPlan.Make(tape, Week, new(6 * Hour), long.MaxValue));
    }

    [Fact]
    public void A_wall_clock_that_runs_ahead_is_not_believed_before_a_segment_was_recorded_by_it()
    {
        var tape = Hours(5);
        tape.Add(tape[^1] with { FirstSeq = 50, NextSeq = 60, MinTime = new(9_999 * Hour), MaxTime = new(9_999 * Hour) });
        tape[^2] = tape[^2] with { IsFinished = true };
        Assert.Empty(ExpiryPlan.Make(tape, Week, new(9_999 * Hour), long.MaxValue));
    }

    [Fact]
    public void An_empty_tape_has_nothing_due() => Assert.Empty(ExpiryPlan.Make([], Week, new(0), long.MaxValue));

    private static List<SegmentInfo> Hours(int hours)
    {
        var tape = new List<SegmentInfo>();
        for (var hour = 0; hour < hours; hour++) Record(tape, hour);
        return tape;
    }

    private static void Record(List<SegmentInfo> tape, long hour)
    {
        if (tape.Count > 0) tape[^1] = tape[^1] with { IsFinished = true };
        tape.Add(new($"{hour}.tape", 1, hour * 10, hour * 10 + 10, 100, new(hour * Hour), new((hour + 1) * Hour - 1), IsFinished: false));
    }
}
