using System.Runtime.InteropServices;

namespace Tape.Storage.Files;

/// <summary>Free space on Windows for any folder, network shares included, which drive letters do not cover.</summary>
internal static partial class WindowsVolume
{
    public static long FreeBytes(string path) =>
        GetDiskFreeSpace(path, out var available, out _, out _)
            ? (long)Math.Min(available, long.MaxValue)
            : throw new IOException($"{path}: can't read the free space: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetHRForLastWin32Error());

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetDiskFreeSpace(string folder, out ulong available, out ulong total, out ulong free);
}
