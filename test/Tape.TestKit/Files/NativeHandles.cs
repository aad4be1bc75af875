using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Tape.TestKit.Files;

/// <summary>Parquet files that code outside of the seam has open in this process, which is DuckDB. Only Linux tells.</summary>
internal static partial class NativeHandles
{
    /// <summary>Numbers of open files are dense: behind so many free ones there is none.</summary>
    private const int FreeInARow = 64;

    public static bool Have(string path)
    {
        if (!OperatingSystem.IsLinux() || !path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) return false;
        var wanted = Encoding.UTF8.GetBytes(path);
        Span<byte> target = stackalloc byte[4096];
        for (var (number, free) = (0, 0); free < FreeInARow; number++)
        {
            var length = (int)ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{number}"), target, target.Length);
            free = length < 0 ? free + 1 : 0;
            if (length > 0 && target[..length].SequenceEqual(wanted)) return true;
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, Span<byte> target, nint bytes);
}
