using System.Runtime.InteropServices;

namespace Tape.Storage.Files;

/// <summary>Makes the names in a folder durable on Unix: the runtime opens files only, so this asks the C library.</summary>
internal static partial class UnixFolder
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    /// <exception cref="IOException">The folder can't be opened or synced; its HResult is the error number.</exception>
    public static bool Sync(string path)
    {
        var descriptor = OpenFile(path, ReadOnly);
        if (descriptor < 0) throw Failure(path, "open", Marshal.GetLastPInvokeError());
        try
        {
            // A file system without folder sync answers EINVAL; there is nothing more that we could ask of it.
            if (SyncFile(descriptor) != 0 && Marshal.GetLastPInvokeError() is not InvalidArgument and var error) throw Failure(path, "sync", error);
        }
        finally
        {
            _ = CloseFile(descriptor);
        }
        return true;
    }

    private static IOException Failure(string path, string action, int error) =>
        new($"{path}: can't {action} the folder: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFile(int descriptor);
}
