namespace Tape.Storage.Journal;

/// <summary>Looks for the newest line of a log that says something, without reading the whole log.</summary>
internal static class LogTail
{
    /// <summary>Gives what a line says; null where it says nothing of it.</summary>
    public delegate T? LineReading<T>(ReadOnlySpan<byte> json) where T : class;

    /// <summary>What the newest whole line says that says something, within so many bytes of the end.</summary>
    /// <param name="isWhole">Whether these bytes were the whole log.</param>
    /// <returns>Null when no line there does, or there is no log.</returns>
    public static T? Newest<T>(IFiles files, string path, int bytesMax, LineReading<T> read, out bool isWhole) where T : class
    {
        isWhole = true;
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path, FileUse.Read);
        var from = Math.Max(0, file.Length - bytesMax);
        isWhole = from == 0;
        var tail = new byte[(int)Math.Min(file.Length, bytesMax)];
        ReadOnlySpan<byte> bytes = tail.AsSpan(0, file.Read(from, tail));
        while (bytes.LastIndexOf((byte)'\n') is var end and >= 0)
        {
            bytes = bytes[..end];
            var line = bytes[(bytes.LastIndexOf((byte)'\n') + 1)..];
            if (CheckedLine.TryRead(line, out var json) && read(json) is { } said) return said;
        }

        return null;
    }
}
