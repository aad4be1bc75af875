namespace Tape.TestKit.Memory;

/// <summary>Measures what work allocates on this thread.</summary>
public static class Allocations
{
    private const int Attempts = 5;

    /// <summary>
    /// The least that the work allocated in a few attempts. A collection started by another test gives this thread's unused room away and counts it
    /// as allocated, so a single attempt may show a few KiB that the work never asked for; work that does allocate shows it every time.
    /// </summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
