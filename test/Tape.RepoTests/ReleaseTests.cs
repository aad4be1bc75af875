using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using Tape.TestKit.Files;
using Tape.TestKit.Repo;

namespace Tape.RepoTests;

/// <summary>
/// What the release makes of a built program: a zip with all that its user needs, and its checksum. Building for all platforms takes minutes and is left to
/// the release itself.
/// </summary>
public sealed class ReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(onDisk: true);

    [Theory]
    [InlineData("linux-x64", "tape", "libduckdb.so", "tape.service", "windows-task.ps1")]
    [InlineData("win-x64", "tape.exe", "duckdb.dll", "windows-task.ps1", "tape.service")]
    [InlineData("osx-arm64", "tape", "libduckdb.dylib", null, "tape.service")]
    public void A_zip_has_the_program_its_library_a_guide_a_service_description_and_a_checksum(string platform, string program, string library, string? service,
        string foreign)
    {
        Build(program);
        Build(library);
        var (status, output) = Release(platform);
        Assert.True(status == 0, output);
        var path = _folder["out", $"tape-{platform}.zip"];
        using (var zip = ZipFile.OpenRead(path))
        {
            var names = zip.Entries.Select(entry => entry.FullName).ToList();
            Assert.Equal(new[] { program, library, service, "README.txt", "LICENSE" }.OfType<string>().Order(StringComparer.Ordinal),
                names.Order(StringComparer.Ordinal));
            Assert.DoesNotContain(foreign, names);
            Assert.Contains($"tape.exe, elsewhere ./tape", new StreamReader(zip.GetEntry("README.txt")!.Open()).ReadToEnd(), StringComparison.Ordinal);
        }

        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  tape-{platform}.zip", File.ReadAllText(path + ".sha256").Trim());
    }

    [Fact]
    public void A_zip_without_the_library_is_an_error()
    {
        Build("tape");
        var (status, output) = Release("linux-x64");
        Assert.NotEqual(0, status);
        Assert.Contains("tape-linux-x64.zip: found no libduckdb.so", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_service_descriptions_start_the_recorder_without_a_screen_and_again_when_it_ends()
    {
        var folder = Path.Combine(RepoFolder.Root, "eng", "release");
        var unit = File.ReadAllText(Path.Combine(folder, "tape.service"));
        Assert.Matches(@"(?m)^ExecStart=/\S+/tape up --config \S+ --plain$", unit);
        Assert.Matches(@"(?m)^Restart=always$", unit);
        Assert.Matches(@"(?m)^KillMode=mixed$", unit);
        var task = File.ReadAllText(Path.Combine(folder, "windows-task.ps1"));
        Assert.Contains("-Argument 'up --config tape.yaml --plain'", task, StringComparison.Ordinal);
        Assert.Contains("-RestartCount", task, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Build(string name)
    {
        Directory.CreateDirectory(_folder["built"]);
        File.WriteAllText(_folder["built", name], name);
    }

    private (int Status, string Output) Release(string platform)
    {
        var start = new ProcessStartInfo("dotnet",
            ["msbuild", Path.Combine(RepoFolder.Root, "eng", "release", "Release.proj"), $"-p:Platforms={platform}", $"-p:Published={_folder["built"]}/",
            $"-p:ReleaseFolder={_folder["out"]}/", "-nologo", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
