using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// A build task, compiled by the build itself. It leaves the library of one platform at <see cref="Library"/>, checked against checksums.txt.
/// A lock file beside the cache makes builds that run at the same time, of whatever clone, fetch once; npm runs only when the file is missing or wrong.
/// </summary>
public sealed class FetchDuckDb : Task
{
    private static readonly TimeSpan LockWaitMax = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NpmMax = TimeSpan.FromMinutes(9);

    /// <summary>Where package.json, its lock and checksums.txt are.</summary>
    [Required]
    public string Folder { get; set; }

    /// <summary>.NET runtime identifier: linux-x64.</summary>
    [Required]
    public string Rid { get; set; }

    /// <summary>Path at which the library shall be.</summary>
    [Required]
    public string Library { get; set; }

    public override bool Execute()
    {
        var pin = File.ReadAllLines(Path.Combine(Folder, "checksums.txt"))
            .Select(line => line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(parts => parts.Length == 5 && parts[0] == Rid);
        if (pin == null) return Fail("there is no DuckDB library for " + Rid + " in native/duckdb/checksums.txt. Build for a platform that is listed there, or with -p:DuckDbFetch=false (such a program records, but neither seals nor queries).");
        var home = Path.GetDirectoryName(Library);
        Directory.CreateDirectory(home);
        using (var held = TakeLock(Path.Combine(home, "fetch.lock")))
        {
            if (held == null) return Fail("another build has held " + Path.Combine(home, "fetch.lock") + " for " + LockWaitMax.TotalMinutes + " minutes. End that build, then build again.");
            if (File.Exists(Library) && HashOf(Library) == pin[4]) return true;
            return Fetch(pin, Path.Combine(home, "work-" + Guid.NewGuid().ToString("N")));
        }
    }

    private bool Fetch(string[] pin, string work)
    {
        Log.LogMessage(MessageImportance.High, "  Fetching the DuckDB library for " + Rid + " by npm (once on this machine).");
        try
        {
            Directory.CreateDirectory(work);
            foreach (var name in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(Folder, name), Path.Combine(work, name));
            string output;
            var status = RunNpm(work, "ci --ignore-scripts --no-audit --no-fund --no-update-notifier --os=" + pin[1] + " --cpu=" + pin[2] + (pin[1] == "linux" ? " --libc=glibc" : ""), out output);
            if (status != 0) return Fail((status < 0 ? "npm could not be started: " : "npm ci ended with status " + status + ": ") + output.Trim() + ". Install Node.js with npm so that 'npm' is on the PATH and reaches its registry, or put the file " + pin[3] + " of the npm package @duckdb/node-bindings-" + pin[1] + "-" + pin[2] + " at " + Library + ", or build with -p:DuckDbFetch=false (such a program records, but neither seals nor queries).");
            var fetched = Path.Combine(work, "node_modules", "@duckdb", "node-bindings-" + pin[1] + "-" + pin[2], pin[3]);
            if (!File.Exists(fetched)) return Fail("npm ci left no " + fetched + ". Check the npm settings 'omit' and 'optional': the package is an optional dependency.");
            var hash = HashOf(fetched);
            if (hash != pin[4]) return Fail("the fetched " + pin[3] + " for " + Rid + " has SHA-512 " + hash + ", expected " + pin[4] + ". Do not use it; the npm registry or its cache gave another file. Clear that cache and build again.");
            if (File.Exists(Library)) File.Delete(Library);
            File.Move(fetched, Library);
            return true;
        }
        catch (Exception fault) when (fault is IOException || fault is UnauthorizedAccessException)
        {
            return Fail("the DuckDB library could not be put at " + Library + ": " + fault.Message + ". Make that folder writable, or set TAPEVAULT_NATIVE_CACHE to another one.");
        }
        finally
        {
            if (Directory.Exists(work)) Directory.Delete(work, true);
        }
    }

    private static int RunNpm(string work, string arguments, out string output)
    {
        var windows = Path.DirectorySeparatorChar == '\\';
        var start = new ProcessStartInfo(windows ? "cmd.exe" : "npm", windows ? "/d /c npm " + arguments : arguments)
        {
            WorkingDirectory = work, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var text = new StringBuilder();
        try
        {
            using (var process = new Process { StartInfo = start })
            {
                DataReceivedEventHandler take = (_, line) => { lock (text) if (line.Data != null && text.Length < 4000 && !line.Data.StartsWith("npm notice")) text.AppendLine(line.Data); };
                process.OutputDataReceived += take;
                process.ErrorDataReceived += take;
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                var ended = process.WaitForExit((int)NpmMax.TotalMilliseconds);
                if (ended) process.WaitForExit();
                else process.Kill();
                lock (text) output = ended ? text.ToString() : text + "no end within " + NpmMax.TotalMinutes + " minutes";
                return ended ? process.ExitCode : 1;
            }
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            output = fault.Message;
            return -1;
        }
    }

    private static FileStream TakeLock(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < LockWaitMax)
            {
                Thread.Sleep(200);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static string HashOf(string path)
    {
        using (var hash = SHA512.Create())
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20))
            return string.Concat(hash.ComputeHash(file).Select(value => value.ToString("x2")));
    }

    private bool Fail(string message)
    {
        Log.LogError("DuckDB: " + message);
        return false;
    }
}
