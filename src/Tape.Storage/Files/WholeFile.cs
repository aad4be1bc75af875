namespace Tape.Storage.Files;

/// <summary>Small files that readers see whole: the one before, or the new one.</summary>
public static class WholeFile
{
    private const string Temporary = ".tmp";

    /// <summary>Puts bytes in the place of a file, which need not be there; durable when this returns. Its folder is made when it is absent.</summary>
    /// <exception cref="IOException">It can't be written; what was there is as it was.</exception>
    public static void Replace(IFiles files, string path, ReadOnlySpan<byte> bytes)
    {
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(files, folder);
        using (var file = files.Open(path + Temporary, FileUse.Replace))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        files.Move(path + Temporary, path, overwrite: true);
        files.SyncFolder(folder);
    }

    /// <summary>Reads a file; null when it is absent or longer than it may be.</summary>
    public static byte[]? Read(IFiles files, string path, int bytesMax)
    {
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path, FileUse.Read);
        if (file.Length > bytesMax) return null;
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }
}
