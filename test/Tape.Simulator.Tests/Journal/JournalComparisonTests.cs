using Tape.Core.Values;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Tests.Journal;

public class JournalComparisonTests
{
    [Fact]
    public void All_stored_is_clean()
    {
        var result = Compare(5, [Frame(0), Frame(1), Frame(2), Frame(3), Frame(4)]);
        Assert.Equal((5, 5, 5, 0, 0, 0, 0), Numbers(result));
        Assert.True(result.IsCleanInside);
    }

    [Fact]
    public void Pings_and_skipped_and_cut_frames_are_not_expected()
    {
        JournalEntry[] sent = [Entry(0), new(1, 99, 5, JournalEntryKind.Ping), new(2, 98, 5, JournalEntryKind.Skipped), Entry(3),
            new(4, 97, 5, JournalEntryKind.Partial), new(5, 96, 5, JournalEntryKind.Close)];
        Assert.Equal((2, 2, 2, 0, 0, 0, 0), Numbers(JournalComparison.Compare(Connection(sent), [Frame(0), Frame(3)])));
    }

    [Fact]
    public void Declared_drops_stand_for_frames_at_their_place()
    {
        var result = Compare(6, [Frame(0), StoredItem.Drop(2), Frame(3), StoredItem.Drop(1), Frame(5)]);
        Assert.Equal((6, 3, 3, 3, 0, 0, 0), Numbers(result));
    }

    [Fact]
    public void Missing_at_the_end_comes_with_send_times()
    {
        var result = Compare(5, [Frame(0), Frame(1), Frame(2)]);
        Assert.Equal((5, 3, 3, 0, 0, 0, 2), Numbers(result));
        Assert.Equal([new UnixNanos(3), new UnixNanos(4)], result.MissingAtEndSentAt);
        Assert.Equal(1, result.MissingAtEndBefore(new UnixNanos(4)));
        Assert.True(result.IsCleanInside);
    }

    [Fact]
    public void A_hole_in_the_middle_is_unexplained()
    {
        var result = Compare(5, [Frame(0), Frame(3), Frame(4)]);
        Assert.Equal((5, 3, 3, 0, 2, 0, 0), Numbers(result));
        Assert.Contains("messages 1 to 2", Assert.Single(result.Mismatches));
        Assert.False(result.IsCleanInside);
    }

    [Fact]
    public void A_changed_frame_is_unexpected_and_its_original_missing()
    {
        var result = Compare(3, [Frame(0), StoredItem.Frame(12345, 200, default), Frame(2)]);
        Assert.Equal((3, 3, 2, 0, 1, 1, 0), Numbers(result));
        Assert.Equal(2, result.Mismatches.Count);
    }

    [Fact]
    public void A_frame_stored_twice_is_unexpected() => Assert.Equal((2, 3, 2, 0, 0, 1, 0), Numbers(Compare(2, [Frame(0), Frame(0), Frame(1)])));

    [Fact]
    public void A_frame_sent_twice_and_stored_once_is_missing()
    {
        var result = JournalComparison.Compare(Connection([Entry(0), Entry(0) with { SentAtNanos = 1 }, Entry(2)]), [Frame(0), Frame(2)]);
        Assert.Equal((3, 2, 2, 0, 1, 0, 0), Numbers(result));
    }

    [Fact]
    public void Swapped_frames_are_found()
    {
        var result = Compare(3, [Frame(1), Frame(0), Frame(2)]);
        Assert.Equal((3, 3, 2, 0, 1, 1, 0), Numbers(result));
    }

    [Fact]
    public void More_declared_than_sent_is_unexpected()
    {
        var result = Compare(3, [Frame(0), StoredItem.Drop(5)]);
        Assert.Equal((3, 1, 1, 2, 0, 3, 0), Numbers(result));
        Assert.False(result.IsCleanInside);
    }

    [Fact]
    public void The_same_length_and_another_hash_is_another_frame() =>
        Assert.False(JournalComparison.Compare(Connection([Entry(0)]), [StoredItem.Frame(Entry(0).Hash + 1, Entry(0).Length, default)]).IsCleanInside);

    [Fact]
    public void Nothing_stored_is_all_missing_at_the_end() => Assert.Equal((4, 0, 0, 0, 0, 0, 4), Numbers(Compare(4, [])));

    [Fact]
    public void A_wrong_connection_is_reported_quickly_and_briefly()
    {
        var result = Compare(200_000, [.. Enumerable.Range(0, 200_000).Select(i => StoredItem.Frame((ulong)i, 1, default))]);
        Assert.Equal((200_000, 200_000, 0, 0, 0, 200_000, 200_000), Numbers(result));
        Assert.Equal(JournalComparison.MismatchesMax, result.Mismatches.Count);
    }

    [Fact]
    public void Sums_always_add_up_whatever_a_recorder_did()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var result = Compare(40, Mangled(random, 40));
            Assert.True(result.Sent == result.Matched + result.Dropped + result.MissingInside + result.MissingAtEnd, $"seed {seed} round {round}: {result}");
        }
    }

    private static List<StoredItem> Mangled(Random random, int sent)
    {
        var items = new List<StoredItem>();
        for (var i = 0; i < sent; i++)
        {
            var choice = random.Next(10);
            if (choice == 0) continue;
            if (choice == 1) items.Add(StoredItem.Drop(random.Next(1, 4)));
            else if (choice == 2) items.Insert(random.Next(items.Count + 1), Frame(i));
            else items.Add(Frame(i));
            if (choice == 3) items.Add(StoredItem.Frame((ulong)random.NextInt64(), 3, default));
        }
        return items;
    }

    private static ComparisonResult Compare(int sent, List<StoredItem> stored) =>
        JournalComparison.Compare(Connection([.. Enumerable.Range(0, sent).Select(Entry)]), stored);

    private static (long, long, long, long, long, long, long) Numbers(ComparisonResult result) =>
        (result.Sent, result.Stored, result.Matched, result.Dropped, result.MissingInside, result.Unexpected, result.MissingAtEnd);

    private static JournalEntry Entry(int i) => new(i, 1000 + (ulong)i * 7919, 100 + i, JournalEntryKind.Data);

    private static StoredItem Frame(int i) => StoredItem.Frame(Entry(i).Hash, Entry(i).Length, default);

    private static JournalConnection Connection(JournalEntry[] entries) => new(1, "public", 1, default, null, ConnectionEnd.Open, default, entries);
}
