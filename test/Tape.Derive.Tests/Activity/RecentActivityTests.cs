using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Derive.Survey;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Tests.Activity;

public sealed class RecentActivityTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Over_any_tape_it_counts_what_the_rows_and_the_survey_count(int seed)
    {
        var (activity, deriver, survey) =
            (new RecentActivity(DerivationState.Start, Support.Venue), new RowDeriver(DerivationState.Start, Support.Venue), new TapeSurvey());
        var seq = 0L;
        foreach (var record in Support.Tape(seed, 3000))
        {
            activity.Take(record.At(seq));
            deriver.Take(record.At(seq));
            survey.Take(record.At(seq++));
        }

        var snapshot = activity.Snapshot();
        Assert.Equal(3000, snapshot.NextSeq);
        Assert.True(survey.Frames > 1000);
        Assert.Equal(
            deriver.Streams.Where(stream => stream.Frames > 0).Select(stream => (stream.Key, stream.Frames, new UnixNanos(stream.LastReceived)))
                .OrderBy(stream => $"{stream.Key}", StringComparer.Ordinal),
            snapshot.Streams.Where(stream => stream.Frames > 0).Select(stream => (stream.Key, stream.Frames, stream.LastReceived!.Value))
                .OrderBy(stream => $"{stream.Key}", StringComparer.Ordinal));
        Assert.Equal(deriver.Streams.Sum(stream => stream.Dropped), snapshot.Streams.Sum(stream => stream.Dropped));
        Assert.Equal(deriver.State.Connections.Count, snapshot.ConnectionsOpen);
    }

    [Fact]
    public void From_a_state_in_the_middle_it_knows_the_same_streams()
    {
        var records = Support.Tape(4, 2000);
        var (before, whole) = (new RowDeriver(DerivationState.Start, Support.Venue), new RecentActivity(DerivationState.Start, Support.Venue));
        for (var seq = 0; seq < 1000; seq++) before.Take(records[seq].At(seq));
        var rest = new RecentActivity(DerivationState.Parse(before.State.ToJson()), Support.Venue);
        for (var seq = 0; seq < 2000; seq++)
        {
            whole.Take(records[seq].At(seq));
            if (seq >= 1000) rest.Take(records[seq].At(seq));
        }

        Assert.Equal(whole.Snapshot().ConnectionsOpen, rest.Snapshot().ConnectionsOpen);
        Assert.Equal(whole.Snapshot().Streams.Where(stream => stream.IsOpen).Select(stream => stream.Key),
            rest.Snapshot().Streams.Where(stream => stream.IsOpen).Select(stream => stream.Key));
        var frames = before.Streams.ToDictionary(stream => stream.Key, stream => stream.Frames);
        Assert.NotEmpty(whole.Snapshot().Streams);
        Assert.All(whole.Snapshot().Streams,
            stream => Assert.Equal(stream.Frames - frames.GetValueOrDefault(stream.Key),
            rest.Snapshot().Streams.FirstOrDefault(other => other.Key == stream.Key)?.Frames ?? 0));
    }

    [Fact]
    public void Beyond_its_limit_streams_are_counted_together()
    {
        var activity = new RecentActivity(DerivationState.Start, Support.Venue);
        var streams = Enumerable.Range(0, RecentActivity.StreamsMax + 10).Select(number => new NotedStream("aggTrade", $"S{number}", $"s{number}@aggTrade"));
        activity.Take(new TapeRecord(0, RecordKind.Note, 1, new UnixNanos(1),
            new ConnectedNote("binance", "market", 0, "ws://test", "", [.. streams]).ToJson()));
        Assert.Equal(RecentActivity.StreamsMax + 1, activity.Snapshot().Streams.Count);
        Assert.Contains(activity.Snapshot().Streams, stream => stream.Key == new StreamKey("", "others", ""));
    }
}
