namespace Tape.Host.Processes;

/// <summary>The end of standard input as a wish to stop: it ends too when the process that started this one is gone, however it went.</summary>
public static class StandardInput
{
    /// <summary>Cancels a source when standard input ends.</summary>
    public static void StopAtEnd(CancellationTokenSource stop) => new Thread(() => Wait(stop)) { Name = "standard input", IsBackground = true }.Start();

    /// <summary>On a thread of its own: reading the console blocks whatever it is called, and a blocked pool thread is one that sockets wait for.</summary>
    private static void Wait(CancellationTokenSource stop)
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (input.Read(buffer) > 0)
        {
            // What is typed is not meant for us; only the end of the input matters.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Stopped by other means first.
        }
    }
}
