using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Tape.Api.Security;
using Tape.Host.Logging;
using Tape.Host.Processes;

namespace Tape.Bench.Crash;

/// <summary>
/// A real <c>tape up</c> with its two children, its lines, and a client of its server. What does not happen in three minutes is a
/// fault: only then is the wait that long.
/// </summary>
internal sealed class SupervisorProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>How many lines are kept; older ones are dropped.</summary>
    private const int LinesMax = 20_000;

    private const int LastLines = 12;
    private const int LastLineLength = 300;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly StringBuilder _errors = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    private readonly string _vault;
    private readonly ChildProcess _child;

    private SupervisorProcess(IEnumerable<string> arguments, string vault)
    {
        _vault = vault;
        _child = ChildProcess.StartTape(arguments, ChildOutput.Lines(Take), ChildOutput.Beginning(_errors, int.MaxValue));
    }

    /// <summary>Starts <c>tape up</c> on a free port.</summary>
    /// <param name="vault">The vault that the configuration names.</param>
    public static SupervisorProcess Start(string configPath, string vault) =>
        new(["up", "--config", configPath, "--port", "0", "--plain", "--until-stdin-closes"], vault);

    /// <summary>Its lines of one event, the oldest first.</summary>
    public IReadOnlyList<JsonElement> Named(string name)
    {
        lock (_gate) return [.. _lines.Where(line => line.Event == name).Select(line => line.Fields)];
    }

    /// <summary>Waits for a line; the n-th of those that fit, from 1.</summary>
    /// <exception cref="TapeException">It ended before, or the line did not come; the message has its last lines.</exception>
    public async Task<JsonElement> LineAsync(string name, Func<JsonElement, bool>? fits = null, int number = 1)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var isOver = _child.IsOver;
            var found = Named(name).Where(line => fits?.Invoke(line) != false).Take(number).ToList();
            if (found.Count == number) return found[^1];
            if (isOver || TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TapeException($"'tape up' {(isOver ? "ended before" : $"did not say in {Patience.TotalSeconds:0} s")} line {number} '{name}': "
                    + $"{Last()}");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    /// <summary>The process of a child (<c>recorder</c>, <c>server</c>) in its n-th life.</summary>
    /// <exception cref="TapeException">It has ended.</exception>
    public async Task<Process> ChildAsync(string name, int life = 1)
    {
        var id = await IdOfAsync(name, life);
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            throw new TapeException($"the {name} ended by itself: {Last()}");
        }
    }

    /// <summary>Asks the server in its n-th life.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path, int life = 1)
    {
        // One that was killed while it started has no such line.
        var id = await IdOfAsync("server", life);
        var endpoint = (await LineAsync("server_start", line => line.GetProperty("process").GetInt32() == id)).GetProperty("endpoint").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.ReadText(_vault));
        return await _client.SendAsync(request);
    }

    /// <summary>Waits until a heartbeat of the recorder has at least this many frames.</summary>
    public Task RecordedAsync(long frames) => LineAsync("heartbeat", line => line.GetProperty("frames").GetInt64() >= frames);

    /// <summary>Asks it to stop and waits.</summary>
    /// <returns>Its exit status and what it said on its standard error.</returns>
    public async Task<(int Status, string Errors)> StopAsync()
    {
        var status = await _child.StopAsync(Patience, TimeProvider.System)
            ?? throw new TapeException($"'tape up' did not stop within {Patience.TotalSeconds:0} s and was killed: {Last()}");
        return (status, _errors.ToString());
    }

    /// <summary>Kills the supervisor and leaves its children alone.</summary>
    public Task KillAloneAsync() => _child.KillAsync(withChildren: false);

    public async ValueTask DisposeAsync()
    {
        await _child.KillAsync();
        _child.Dispose();
        _client.Dispose();
    }

    private async Task<int> IdOfAsync(string child, int life) =>
        (await LineAsync("child_start", line => line.GetProperty("child").GetString() == child, life)).GetProperty("process").GetInt32();

    private void Take(string text)
    {
        if (LogLine.Read(text) is not { } line) return;
        lock (_gate)
        {
            if (_lines.Count == LinesMax) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    private string Last()
    {
        lock (_gate)
            return string.Join('\n', _lines.TakeLast(LastLines).Select(line => line.Fields.GetRawText())
                .Select(line => line[..Math.Min(line.Length, LastLineLength)]));
    }
}
