namespace Tape.Storage.Files;

/// <summary>What the error number behind an <see cref="IOException"/> means, per platform.</summary>
internal static class IoFaults
{
    private const int HResultWin32 = unchecked((int)0x8007_0000);
    private const int WindowsDiskFull = HResultWin32 | 112;
    private const int WindowsHandleDiskFull = HResultWin32 | 39;
    private const int WindowsSharingViolation = HResultWin32 | 32;
    private const int WindowsLockViolation = HResultWin32 | 33;
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>Whether the volume or the user's quota has no room. The runtime reports its own pre-checks by the Windows number on every platform.</summary>
    public static bool IsDiskFull(IOException fault) =>
        fault.HResult is WindowsDiskFull or WindowsHandleDiskFull
        || (!OperatingSystem.IsWindows() && (fault.HResult == NoSpace || fault.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota)));

    /// <summary>
    /// Whether a file could not be deleted, renamed or replaced because somebody has it open, which only Windows minds, or because this user may not. Either
    /// may be over later.
    /// </summary>
    public static bool IsInUse(Exception fault) =>
        fault is UnauthorizedAccessException || (fault is IOException && fault.HResult is WindowsSharingViolation or WindowsLockViolation);

    /// <summary>Whether a file could not be opened because someone else holds it exclusively.</summary>
    public static bool IsHeldByAnother(IOException fault) =>
        OperatingSystem.IsWindows()
            ? fault.HResult is WindowsSharingViolation or WindowsLockViolation
            : fault.HResult == (OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock);
}
