using Tape.Core.Time;

namespace Tape.Core.Tests.Time;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public void Without_jitter_waits_double_up_to_the_limit_and_start_over_after_a_success()
    {
        var backoff = new Backoff(First, Limit);
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(First, backoff.Next());
        Assert.Equal(1, backoff.Failures);
        Assert.Equal(Limit, Backoff.After(int.MaxValue, First, Limit));
    }

    [Fact]
    public void With_jitter_a_wait_is_between_half_and_the_whole()
    {
        var backoff = new Backoff(First, Limit, new Random(7));
        for (var failures = 0; failures < 20; failures++)
        {
            var whole = Backoff.After(failures, First, Limit);
            Assert.InRange(backoff.Next(), whole / 2, whole);
        }
    }
}
