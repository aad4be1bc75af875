namespace Tape.TestKit.Files;

/// <summary>A new empty folder that is deleted with all that it holds when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("tape-test-").FullName;

    /// <summary>A path inside.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A further one with the same files, for a trial that changes them.</summary>
    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var folder in Directory.GetDirectories(Path, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(folder.Replace(Path, copy.Path, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
            File.Copy(file, file.Replace(Path, copy.Path, StringComparison.Ordinal));
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
