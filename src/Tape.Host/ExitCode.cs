namespace Tape.Host;

/// <summary>What the exit status of every command means.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The command ran and found what it looks for to be wrong (<c>sanity</c>, <c>verify</c>, a bench whose check failed).</summary>
    public const int Findings = 1;

    /// <summary>The arguments or the configuration are wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The command could not do its work (disk, another owner, damaged data); the message says why.</summary>
    public const int Failed = 3;

    /// <summary>Ctrl-C, as shells expect it.</summary>
    public const int Cancelled = 130;
}
