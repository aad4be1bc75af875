using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Tape.TestKit.Time;

namespace Tape.TestKit.Processes;

/// <summary>The real program, as it was built into the folder of the tests, in a process of its own.</summary>
public static class TapeProcess
{
    /// <summary>The program <c>tape</c>.</summary>
    public const string Tape = "tape";

    /// <summary>Runs it to its end and takes all that it printed.</summary>
    public static (int Status, string Output, string Error) Run(string folder, string input, params string[] arguments) =>
        Run(Tape, folder, [], input, arguments);

    /// <summary>As <see cref="Run"/>, with variables in its environment.</summary>
    public static (int Status, string Output, string Error) RunIn(string folder, Dictionary<string, string> environment, string input,
        params string[] arguments) =>
        Run(Tape, folder, environment, input, arguments);

    /// <summary>Runs another program of ours to its end.</summary>
    /// <param name="program">Name of its assembly.</param>
    public static (int Status, string Output, string Error) Run(string program, string folder, Dictionary<string, string> environment, string input,
        params string[] arguments)
    {
        using var tape = Start(program, folder, environment, arguments);
        var (output, error) = (tape.StandardOutput.ReadToEndAsync(), tape.StandardError.ReadToEndAsync());
        try
        {
            tape.StandardInput.Write(input);
            tape.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading what it was given; its status tells whether that was right.
        }

        if (!tape.WaitForExit(Patience.Max))
        {
            tape.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience.Max}");
        }

        return (tape.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }

    /// <summary>Runs a recorder until a line of its log fits, then stops it in order by closing its standard input.</summary>
    /// <returns>All lines of its log.</returns>
    public static async Task<List<JsonElement>> RecordUntilAsync(string folder, Func<JsonElement, bool> isEnough, params string[] arguments)
    {
        using var tape = Start(Tape, folder, [], ["collect", "--plain", "--until-stdin-closes", .. arguments]);
        using var limit = new CancellationTokenSource(Patience.Max, TimeProvider.System);
        try
        {
            var lines = new List<JsonElement>();
            var isOver = false;
            while (await tape.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lines.Add(JsonDocument.Parse(line).RootElement);
                if (isOver || !isEnough(lines[^1])) continue;
                isOver = true;
                tape.StandardInput.Close();
            }

            await tape.WaitForExitAsync(limit.Token);
            return isOver ? lines : throw new InvalidOperationException(
                $"the recorder ended with status {tape.ExitCode} before the awaited line: {string.Join('\n', lines)} "
                + $"{await tape.StandardError.ReadToEndAsync(limit.Token)}");
        }
        finally
        {
            if (!tape.HasExited) tape.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts it in a folder, with all three streams redirected.</summary>
    public static Process Start(string folder, params string[] arguments) => Start(Tape, folder, [], arguments);

    private static Process Start(string program, string folder, Dictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
