using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Schema;

/// <summary>
/// CRC-32C of the bytes of a part: it shows damage that leaves the rows as they are, and lets a check stay away from bytes that no reader should be fed.
/// </summary>
public static class PartChecksum
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Reads the file whole, with one buffer of 1 MiB.</summary>
    /// <returns>Eight hexadecimal digits.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string Of(IFiles files, string path)
    {
        using var file = files.Open(path, FileUse.Read);
        var buffer = new byte[(int)Math.Min(PieceBytes, Math.Max(1, file.Length))];
        var checksum = 0u;
        for (var at = 0L; file.Read(at, buffer) is var read and > 0; at += read) checksum = Crc32C.Extend(checksum, buffer.AsSpan(0, read));
        return checksum.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
