using Tape.CrashTests.Support;

namespace Tape.CrashTests.Sanity;

/// <summary>Downtimes and id jumps: facts about the recording that sanity lists, and that are no faults of the data.</summary>
public sealed class RecordingFactsTests : IDisposable
{
    private readonly TestVault _vault = new();
    private readonly List<Tape.Simulator.Binance.SyntheticFrame> _trades;

    public RecordingFactsTests() => _trades = [.. _vault.Frames.Where(frame => frame.Stream == "btcusdt@aggTrade").Take(100)];

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void Frames_left_out_within_a_connection_are_jumps_with_the_ids_that_are_missing()
    {
        Record(tape =>
        {
            for (var number = 0; number < 50; number++)
                if (number is not (10 or 20 or 21 or 22)) tape.Frame(1, _trades[number]);
        });
        var report = _vault.Check(deep: true);
        Assert.True(report.IsSound);
        Assert.Equal([2L, 4L], report.Jumps.Select(jump => jump.After - jump.Before));
        Assert.All(report.Jumps, jump => Assert.Equal((true, 1L, "aggTrade", "BTCUSDT"), (jump.SameConnection, jump.Connection, jump.Kind, jump.Symbol)));
        var stream = Assert.Single(report.Streams, stream => stream.Frames > 0);
        Assert.Equal((46L, 2L, 4L), (stream.Frames, stream.Jumps, stream.MissingIds));
    }

    [Fact]
    public void A_jump_is_found_across_the_border_of_two_seals_and_in_the_tail()
    {
        Record(tape =>
        {
            for (var number = 0; number < 20; number++) tape.Frame(1, _trades[number]);
        });
        _vault.Record(tape =>
        {
            for (var number = 21; number < 30; number++) tape.Frame(1, _trades[number]);
        });
        _vault.Seal();
        _vault.Record(tape =>
        {
            for (var number = 32; number < 40; number++) tape.Frame(1, _trades[number]);
        });
        Assert.Equal([2L, 3L], _vault.Check().Jumps.Select(jump => jump.After - jump.Before));
    }

    [Fact]
    public void Repeated_frames_are_no_jumps()
    {
        Record(tape =>
        {
            for (var number = 0; number < 20; number++)
            {
                tape.Frame(1, _trades[number]);
                tape.Frame(1, _trades[number]);
            }

            tape.Frame(1, _trades[0]);
        });
        Assert.Empty(_vault.Check().Jumps);
    }

    [Fact]
    public void Frames_in_the_wrong_order_are_no_jumps()
    {
        Record(tape =>
        {
            foreach (var number in new[] { 0, 1, 3, 2, 4, 5 }) tape.Frame(1, _trades[number]);
        });
        Assert.Empty(_vault.Check().Jumps);
    }

    [Fact]
    public void Book_changes_that_name_another_predecessor_are_jumps()
    {
        var depth = _vault.Frames.Where(frame => frame.Stream == "btcusdt@depth@100ms").ToList();
        Record(tape =>
        {
            for (var number = 0; number < 20; number++)
                if (number != 9) tape.Frame(1, depth[number]);
        });
        Assert.Equal(("depth@100ms", true), Assert.Single(_vault.Check().Jumps.Select(jump => (jump.Kind, jump.SameConnection))));
    }

    [Fact]
    public void A_cut_connection_is_a_downtime_from_its_last_frame_to_the_next_connected_note()
    {
        UnixTimes times = default;
        Record(tape =>
        {
            for (var number = 0; number < 9; number++) tape.Frame(1, _trades[number]);
            times.From = _vault.Now.Value;
            tape.Frame(1, _trades[9]);
            tape.Disconnect(1, "connection_lost");
            _vault.Wait(TimeSpan.FromSeconds(7));
            times.To = _vault.Now.Value;
            tape.Connect(2);
            tape.Frame(2, _trades[30]);
        });
        var report = _vault.Check(deep: true);
        var downtime = Assert.Single(report.Downtimes);
        Assert.Equal((times.From, times.To, "connection_lost"), (downtime.From.Value, downtime.To!.Value.Value, downtime.Cause));
        Assert.False(Assert.Single(report.Jumps).SameConnection);
        Assert.True(report.IsSound);
        var stream = Assert.Single(report.Streams, stream => stream.Frames > 0);
        Assert.Equal((1, times.To - times.From), (stream.Downtimes, stream.DownFor.Ticks * 100));
    }

    [Fact]
    public void A_connection_that_is_replaced_with_overlap_has_no_downtime_and_its_ids_do_not_jump()
    {
        var depth = _vault.Frames.Where(frame => frame.Stream == "btcusdt@depth@100ms").Take(40).ToList();
        Record(tape =>
        {
            for (var number = 0; number < 10; number++) Both(tape, 1, number);
            tape.Connect(2);
            // The new one is ahead of the old one, then behind it; each misses what the other has.
            foreach (var (connection, number) in new[] { (2, 13), (1, 10), (1, 11), (1, 12), (2, 14), (1, 13), (1, 14), (1, 15), (1, 16), (2, 15), (1, 17),
                (2, 16), (2, 17) })
                Both(tape, connection, number);
            tape.Disconnect(1, "rotation");
            for (var number = 18; number < 30; number++) Both(tape, 2, number);
        });
        var report = _vault.Check(deep: true);
        Assert.Empty(report.Downtimes);
        Assert.Empty(report.Jumps);
        Assert.True(report.IsSound);

        void Both(TestVault.Recording tape, long connection, int number)
        {
            tape.Frame(connection, _trades[number]);
            tape.Frame(connection, depth[number]);
        }
    }

    [Fact]
    public void A_failed_successor_changes_nothing_and_when_both_are_gone_the_downtime_begins_with_the_last()
    {
        UnixTimes times = default;
        Record(tape =>
        {
            tape.Frame(1, _trades[0]);
            tape.Connect(2);
            tape.Frame(2, _trades[0]);
            tape.Disconnect(2, "connection_lost");
            tape.Frame(1, _trades[1]);
            _vault.Wait(TimeSpan.FromSeconds(2));
            tape.Connect(3);
            tape.Disconnect(1, "venue_closed");
            times.From = _vault.Now.Value;
            tape.Frame(3, _trades[2]);
            tape.Disconnect(3, "connection_lost");
            _vault.Wait(TimeSpan.FromSeconds(5));
            times.To = _vault.Now.Value;
            tape.Connect(4);
            tape.Frame(4, _trades[3]);
        });
        var downtime = Assert.Single(_vault.Check().Downtimes);
        Assert.Equal((times.From, times.To, "connection_lost"), (downtime.From.Value, downtime.To!.Value.Value, downtime.Cause));
    }

    [Fact]
    public void A_crash_is_a_downtime_with_that_cause_and_an_end_without_a_successor_stays_open()
    {
        Record(tape => tape.Frame(1, _trades[0]));
        _vault.Wait(TimeSpan.FromSeconds(3));
        _vault.Record(tape =>
        {
            tape.Start();
            tape.Connect(2);
            tape.Frame(2, _trades[1]);
            tape.Disconnect(2, "our_stop");
        });
        var report = _vault.Check();
        Assert.Equal(["crash", "our_stop"], report.Downtimes.Select(downtime => downtime.Cause));
        Assert.Equal([true, false], report.Downtimes.Select(downtime => downtime.To is not null));
        Assert.Equal((2, 0L), (report.Survey.Runs, report.Survey.Dropped));
    }

    [Fact]
    public void Declared_drops_are_counted_by_stream_and_leave_the_data_sound()
    {
        Record(tape =>
        {
            tape.Frame(1, _trades[0]);
            tape.Drop(1, _trades[1]);
            tape.Frame(1, _trades[2]);
            tape.Disconnect(1, "our_stop");
        });
        var report = _vault.Check(deep: true);
        Assert.Empty(report.Findings);
        var stream = Assert.Single(report.Streams, stream => stream.Frames > 0);
        Assert.Equal((2L, 1L, 1L), (stream.Frames, stream.Dropped, stream.MissingIds));
    }

    [Fact]
    public void A_connection_whose_last_note_counts_other_frames_than_the_tape_has_is_a_finding()
    {
        Record(tape =>
        {
            tape.Frame(1, _trades[0]);
            tape.Note(1, new Tape.Storage.Tapes.Notes.DisconnectedNote("our_stop", "", 5, 0));
        });
        Assert.Contains("received 5 frames, found 1", Assert.Single(_vault.Check().Findings), StringComparison.Ordinal);
    }

    private void Record(Action<TestVault.Recording> script)
    {
        _vault.Record(tape =>
        {
            tape.Start();
            tape.Connect(1);
            script(tape);
        });
        _vault.Seal();
    }

    private struct UnixTimes
    {
        public long From;
        public long To;
    }
}
