using System.Buffers.Binary;
using Tape.Collect.Queue;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Memory;
using Xunit.Abstractions;

namespace Tape.Collect.Tests.Queue;

public class FrameQueueTests(ITestOutputHelper output)
{
    private const int Capacity = 1 << 20;
    private static readonly UnixNanos At = new(1);

    [Fact]
    public void Records_come_out_in_the_order_in_which_they_went_in()
    {
        var queue = new FrameQueue(Capacity);
        for (var number = 0; number < 5000; number++)
            Assert.True(number % 7 == 0 ? queue.TryEnqueueNote(RecordKind.Note, 3, At, Bytes(number, 20)) : queue.TryEnqueueFrame(3, At, Bytes(number, 60)));
        Assert.Equal(Enumerable.Range(0, 5000), Numbers(queue));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void A_record_keeps_its_kind_connection_time_and_bytes()
    {
        var queue = new FrameQueue(Capacity);
        queue.TryEnqueueNote(RecordKind.Sent, long.MaxValue, new UnixNanos(-5), "hello"u8);
        queue.TryEnqueueFrame(7, new UnixNanos(9), []);
        var chunks = new List<QueueChunk>();
        queue.Take(chunks);
        var reader = chunks[0].Read();
        Assert.True(reader.TryRead(out var first));
        Assert.Equal((RecordKind.Sent, long.MaxValue, -5L, "hello"),
            (first.Kind, first.Connection, first.Time.Value, System.Text.Encoding.UTF8.GetString(first.Payload)));
        Assert.True(reader.TryRead(out var second));
        Assert.Equal((RecordKind.Frame, 7L, 9L, 0), (second.Kind, second.Connection, second.Time.Value, second.Payload.Length));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Frames_beyond_the_capacity_are_refused_and_notes_still_fit()
    {
        var queue = new FrameQueue(Capacity);
        while (queue.TryEnqueueFrame(1, At, new byte[1000])) { }
        Assert.InRange(queue.Utilization, 0.99, 1.0);
        Assert.False(queue.HasRoomFor(1000));
        Assert.False(queue.TryEnqueueFrameAfter(1, "note"u8, At, new byte[1000]));
        var notes = 0;
        while (queue.TryEnqueueNote(RecordKind.Note, 1, At, new byte[1000])) notes++;
        Assert.InRange(notes, FrameQueue.NoteReserveBytes / 1100, FrameQueue.NoteReserveBytes / 1000 + 1);
    }

    [Fact]
    public void Taken_records_use_room_until_they_are_released()
    {
        var queue = new FrameQueue(Capacity);
        while (queue.TryEnqueueFrame(1, At, new byte[1000])) { }
        var chunks = new List<QueueChunk>();
        var bytes = queue.Take(chunks);
        Assert.True(queue.IsEmpty);
        Assert.False(queue.TryEnqueueFrame(1, At, new byte[1000]));
        queue.Release(chunks, bytes);
        Assert.Equal(0, queue.Utilization);
        Assert.True(queue.TryEnqueueFrame(1, At, new byte[1000]));
    }

    [Fact]
    public void Several_takes_may_be_out_and_each_gives_its_own_room_back()
    {
        var queue = new FrameQueue(Capacity);
        List<QueueChunk> first = [], second = [];
        queue.TryEnqueueFrame(1, At, Bytes(1, Capacity / 4));
        var firstBytes = queue.Take(first);
        queue.TryEnqueueFrame(1, At, Bytes(2, Capacity / 2));
        var secondBytes = queue.Take(second);
        Assert.InRange(queue.Utilization, 0.75, 0.76);
        queue.Release(second, secondBytes);
        Assert.InRange(queue.Utilization, 0.25, 0.26);
        Assert.True(first[0].Read().TryRead(out var record));
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(record.Payload));
        queue.Release(first, firstBytes);
        Assert.Equal(0, queue.Utilization);
    }

    [Fact]
    public void Records_that_were_taken_do_not_wake_a_consumer_again()
    {
        var queue = new FrameQueue(Capacity);
        queue.TryEnqueueFrame(1, At, Bytes(1, Capacity / 4 * 3));
        queue.Take([]);
        var waiter = new Thread(() => queue.WaitForRecords(TimeSpan.FromSeconds(60)));
        waiter.Start();
        Assert.False(waiter.Join(TimeSpan.FromMilliseconds(100)));
        queue.TryEnqueueFrame(1, At, "x"u8);
        Assert.True(waiter.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_frame_larger_than_the_capacity_fits_into_an_empty_queue_only()
    {
        var queue = new FrameQueue(Capacity);
        var huge = Bytes(42, 3 * Capacity);
        queue.TryEnqueueFrame(1, At, Bytes(41, 8));
        Assert.False(queue.TryEnqueueFrame(1, At, huge));
        Numbers(queue);
        Assert.True(queue.TryEnqueueFrame(1, At, huge));
        Assert.False(queue.TryEnqueueFrame(1, At, "y"u8));
        Assert.Equal([42], Numbers(queue));
        Assert.True(queue.TryEnqueueFrame(1, At, Bytes(43, 8)));
        Assert.Equal([43], Numbers(queue));
    }

    [Fact]
    public void A_note_and_the_frame_after_it_go_in_together_or_not_at_all()
    {
        var queue = new FrameQueue(Capacity);
        while (queue.HasRoomFor(1100)) queue.TryEnqueueFrame(1, At, new byte[100]);
        while (queue.HasRoomFor(40)) queue.TryEnqueueFrame(1, At, new byte[40]);
        var used = queue.Utilization;
        Assert.False(queue.TryEnqueueFrameAfter(1, new byte[10], At, new byte[10]));
        Assert.Equal(used, queue.Utilization);
    }

    [Fact]
    public void Many_producers_lose_nothing_and_keep_their_own_order()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var queue = new FrameQueue(Capacity);
        const int Producers = 4, Each = 20_000;
        var refused = new HashSet<int>[Producers];
        var threads = Enumerable.Range(0, Producers)
            .Select(producer => new Thread(() => refused[producer] = Produce(queue, producer, Each, new Random(seed + producer)))).ToList();
        threads.ForEach(thread => thread.Start());
        var got = new List<int>[Producers];
        for (var producer = 0; producer < Producers; producer++) got[producer] = [];
        while (threads.Any(thread => thread.IsAlive) || !queue.IsEmpty)
        {
            queue.WaitForRecords(TimeSpan.FromMilliseconds(5));
            Collect(queue, got);
        }

        for (var producer = 0; producer < Producers; producer++)
            Assert.Equal(Enumerable.Range(0, Each).Where(number => !refused[producer].Contains(number)), got[producer]);
    }

    [Fact]
    public void In_steady_state_a_frame_costs_no_allocation()
    {
        var queue = new FrameQueue(Capacity);
        var frame = new byte[250];
        List<QueueChunk> chunks = [];
        Round(queue, frame, chunks);
        Round(queue, frame, chunks);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var round = 0; round < 20; round++) Round(queue, frame, chunks);
        }));
    }

    [Fact]
    public void A_consumer_that_waits_for_half_is_woken_by_it_and_not_before()
    {
        var queue = new FrameQueue(Capacity);
        var halfFull = 0.0;
        var waiter = new Thread(() =>
        {
            queue.WaitUntilHalfFull(TimeSpan.FromSeconds(30));
            halfFull = queue.Utilization;
        });
        waiter.Start();
        while (queue.Utilization < 0.45) queue.TryEnqueueFrame(1, At, new byte[1000]);
        Assert.True(waiter.IsAlive);
        while (waiter.IsAlive && queue.TryEnqueueFrame(1, At, new byte[100])) { }
        waiter.Join();
        Assert.InRange(halfFull, 0.5, 1.0);
    }

    private static void Round(FrameQueue queue, byte[] frame, List<QueueChunk> chunks)
    {
        for (var count = 0; count < 3000; count++) queue.TryEnqueueFrame(1, At, frame);
        chunks.Clear();
        queue.Release(chunks, queue.Take(chunks));
    }

    private static HashSet<int> Produce(FrameQueue queue, int producer, int count, Random chance)
    {
        var refused = new HashSet<int>();
        for (var number = 0; number < count; number++)
            if (!queue.TryEnqueueFrame(producer, At, Bytes(number, 4 + chance.Next(chance.Next(50) == 0 ? 300_000 : 300)))) refused.Add(number);
        return refused;
    }

    private static void Collect(FrameQueue queue, List<int>[] got)
    {
        List<QueueChunk> chunks = [];
        var bytes = queue.Take(chunks);
        foreach (var chunk in chunks)
        {
            var reader = chunk.Read();
            while (reader.TryRead(out var record)) got[record.Connection].Add(BinaryPrimitives.ReadInt32LittleEndian(record.Payload));
        }

        queue.Release(chunks, bytes);
    }

    private static List<int> Numbers(FrameQueue queue)
    {
        var got = new List<int>[] { [], [], [], [] };
        Collect(queue, got);
        return [.. got.SelectMany(list => list)];
    }

    private static byte[] Bytes(int number, int length)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
