using Tape.Core.Work;

namespace Tape.Core.Tests.Work;

public sealed class SideBySideTests
{
    private static readonly TimeSpan OuterLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public void One_lane_works_in_order_on_the_callers_thread()
    {
        var done = new List<(int, int, int)>();
        var told = new List<(int, int)>();
        SideBySide.Run(1, [3, 1, 2], (begun, of) => told.Add((begun, of)), (lane, number, _) => done.Add((lane, number, Environment.CurrentManagedThreadId)),
            CancellationToken.None);
        var here = Environment.CurrentManagedThreadId;
        Assert.Equal([(0, 3, here), (0, 1, here), (0, 2, here)], done);
        Assert.Equal([(0, 3), (1, 3), (2, 3)], told);
    }

    [Fact]
    public void Several_lanes_work_at_the_same_time_and_do_each_number_once()
    {
        using var together = new Barrier(3);
        var done = new int[9];
        var busy = new int[3];
        SideBySide.Run(3, [.. Enumerable.Range(0, 9)], (_, _) => { }, (lane, number, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[lane]));
            if (number < 3) Assert.True(together.SignalAndWait(OuterLimit));
            Interlocked.Increment(ref done[number]);
            Interlocked.Decrement(ref busy[lane]);
        }, CancellationToken.None);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void The_first_failure_cancels_the_others_and_is_thrown()
    {
        using var waits = new ManualResetEventSlim();
        var begun = new List<int>();
        var fault = Assert.Throws<IOException>(() => SideBySide.Run(2, [.. Enumerable.Range(0, 5)], (_, _) => { }, (_, number, stop) =>
        {
            lock (begun) begun.Add(number);
            if (number == 0)
            {
                Assert.True(waits.Wait(OuterLimit, CancellationToken.None));
                throw new IOException("the disk");
            }

            waits.Set();
            Assert.True(stop.WaitHandle.WaitOne(OuterLimit));
            stop.ThrowIfCancellationRequested();
        }, CancellationToken.None));
        Assert.Equal("the disk", fault.Message);
        Assert.Equal([0, 1], begun.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_is_begun_when_it_is_cancelled(int lanes) =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SideBySide.Run(lanes, [0, 1], (_, _) => { }, (_, _, _) => Assert.Fail("begun"), new CancellationToken(canceled: true)));
}
