using System.Reflection;
using System.Runtime.InteropServices;

namespace Tape.Tables.DuckDb;

/// <summary>
/// Finds the native library of the DuckDB package: a build has it below <c>runtimes</c>, a published program beside itself. Recording never asks for it;
/// sealing asks before it begins and waits while it is missing. Thread-safe. The answer is found once per process.
/// </summary>
public static class DuckDbLibrary
{
    /// <summary>The version of the package in Directory.Packages.props, which our measurements are for.</summary>
    public const string VersionWanted = "v1.5.6";

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
        if (!TryLoad(out var reason)) throw new DuckDbException(reason!, "Build the program again, or put the library file of that version beside it.");
    }

    private static string FileName => OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == NativeMethods.Library ? Loaded.Value.Handle : 0;

    private static string? FindFile() => ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Prepend(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder, FileName))
        .FirstOrDefault(File.Exists);

    private static unsafe (nint, string?) Load()
    {
        const string Consequence = "tables can't be written or queried; recording goes on.";
        var path = FindFile() ?? FileName;
        if (!NativeLibrary.TryLoad(path, typeof(DuckDbLibrary).Assembly, DllImportSearchPath.SafeDirectories, out var handle))
            return (0, path == FileName
                ? $"The DuckDB library {FileName} is not in {AppContext.BaseDirectory} or its folder 'runtimes': {Consequence}"
                : $"The DuckDB library {path} does not load on this machine ({RuntimeInformation.RuntimeIdentifier}): {Consequence}");
        var version = NativeLibrary.TryGetExport(handle, "duckdb_library_version", out var export)
            ? NativeMethods.Utf8(((delegate* unmanaged[Cdecl]<byte*>)export)())
            : null;
        return version == VersionWanted
            ? (handle, null)
            : (0, $"The DuckDB library {path} is version {version ?? "unknown"}, expected {VersionWanted}: it is not used; recording goes on.");
    }
}
