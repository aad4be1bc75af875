using System.CommandLine;
using Tape.Cli;

namespace Tape.Bench;

/// <summary>A new folder for the data of one measurement, deleted with all that is in it at the end.</summary>
internal sealed class BenchFolder : IDisposable
{
    private BenchFolder(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>The option that says where to make it.</summary>
    public static Option<DirectoryInfo?> Option() => new("--folder")
    {
        Description = "Where to write; a new folder inside it is made and deleted. Default: the temporary folder.",
    };

    /// <summary>Makes it.</summary>
    /// <param name="within">What the option gave.</param>
    public static BenchFolder Create(DirectoryInfo? within)
    {
        var path = System.IO.Path.Combine(within?.FullName ?? System.IO.Path.GetTempPath(), $"tape-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(path);
        return new BenchFolder(path);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
