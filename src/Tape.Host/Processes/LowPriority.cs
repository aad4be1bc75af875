using System.Runtime.InteropServices;

namespace Tape.Host.Processes;

/// <summary>Lets work in the background have what others leave of the processor.</summary>
public static partial class LowPriority
{
    private const int OfThread = 0;
    private const int Nice = 10;

    /// <summary>
    /// For a thread that ends with the work. Linux ignores the runtime's priorities and has nice values of threads instead; a system that refuses leaves the
    /// thread as it is.
    /// </summary>
    public static void OfThisThread()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux()) _ = SetPriority(OfThread, 0, Nice);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
