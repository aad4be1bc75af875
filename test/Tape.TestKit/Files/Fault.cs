namespace Tape.TestKit.Files;

/// <summary>What goes wrong at an operation of <see cref="FaultyFiles"/>.</summary>
public enum Fault
{
    /// <summary>An I/O error; the operation had no effect.</summary>
    Error,

    /// <summary>An I/O error after a part of the bytes was written. Operations that write no bytes: as <see cref="Error"/>.</summary>
    ShortWrite,

    /// <summary>
    /// Power fails inside the write: a part in multiples of 512 bytes is there, the rest is zeros or garbage. Other operations: as <see cref="Crash"/>.
    /// </summary>
    Torn,

    /// <summary>Power fails before the operation. What was not synced is lost, kept or torn, as the seed decides.</summary>
    Crash,

    /// <summary>No room on the disk at this operation and until <see cref="FaultyFiles.FreeSpace"/>; a write puts a part of its bytes first.</summary>
    DiskFull,
}

/// <summary>
/// The machine is gone. Everything on a <see cref="FaultyFiles"/> throws this until <see cref="FaultyFiles.Restart"/>. No code under test may catch it.
/// </summary>
public sealed class CrashException() : Exception("The machine lost power here.");
