using System.Reflection;
using System.Runtime.InteropServices;

namespace Tape.Tables.DuckDb;

/// <summary>
/// Finds the native library beside the program. Recording never asks for it; sealing asks before it begins and waits while it is missing.
/// Thread-safe. The answer is found once per process.
/// </summary>
public static class DuckDbLibrary
{
    /// <summary>The version that our checksums and measurements are for.</summary>
    public const string VersionWanted = "v1.5.5";

    private static readonly Lazy<(nint Handle, string? Reason)> Loaded = new(Load);
    private static int _registered;

    /// <summary>Whether DuckDB can be used.</summary>
    /// <param name="reason">Why not, with what to do; null when it can.</param>
    public static bool TryLoad(out string? reason)
    {
        reason = Loaded.Value.Reason;
        return reason is null;
    }

    /// <summary>Makes the imports of this assembly find what <see cref="TryLoad"/> found.</summary>
    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) != 0) return;
        NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);
    }

    /// <summary>Throws what a caller should see who can't go on without it.</summary>
    /// <exception cref="DuckDbException">The library is missing or of another version.</exception>
    internal static void Require()
    {
        Register();
        if (!TryLoad(out var reason))
            throw new DuckDbException(reason!, "Build again with npm on the PATH, or put the library file of that version beside the program.");
    }

    private static string FileName => OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == NativeMethods.Library ? Loaded.Value.Handle : 0;

    private static unsafe (nint, string?) Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, FileName);
        if (!NativeLibrary.TryLoad(path, out var handle)
            && !NativeLibrary.TryLoad(FileName, typeof(DuckDbLibrary).Assembly, DllImportSearchPath.SafeDirectories, out handle))
            return (0, File.Exists(path)
                ? $"The DuckDB library {path} does not load on this machine ({RuntimeInformation.RuntimeIdentifier}): tables can't be written or queried; "
                    + $"recording goes on."
                : $"The DuckDB library {path} is not there: tables can't be written or queried; recording goes on.");
        var version = NativeLibrary.TryGetExport(handle, "duckdb_library_version", out var export)
            ? NativeMethods.Utf8(((delegate* unmanaged[Cdecl]<byte*>)export)())
            : null;
        return version == VersionWanted
            ? (handle, null) : (0, $"The DuckDB library {path} is version {version ?? "unknown"}, expected {VersionWanted}: it is not used; recording goes "
            + $"on.");
    }
}
