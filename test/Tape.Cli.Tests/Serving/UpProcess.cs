using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Tape.Api.Security;
using Tape.TestKit.Time;

namespace Tape.Cli.Tests.Serving;

/// <summary>A real <c>tape up</c> with its two children, its lines, and a client of its server.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> _lines = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience.Max };
    private readonly string _vault;
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public UpProcess(string folder, string vault)
    {
        _vault = vault;
        _process = TapeProcess.Start(folder, "up", "--port", "0", "--plain", "--until-stdin-closes");
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Waits for a line; the n-th of those that fit, from 1.</summary>
    public async Task<JsonElement> LineAsync(string name, Func<JsonElement, bool>? fits = null, int number = 1)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = _lines.Where(line => line.GetProperty("event").GetString() == name && fits?.Invoke(line) != false).Take(number).ToList();
            if (found.Count == number) return found[^1];
            Assert.False(_process.HasExited && _reading.IsCompleted, $"it ended before line {number} '{name}': {string.Join('\n', _lines)}");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience.Max, $"line {number} '{name}' did not come: {string.Join('\n', _lines)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>The process of a child in its n-th life.</summary>
    public async Task<Process> ChildAsync(string name, int life = 1) =>
        Process.GetProcessById((await LineAsync("child_start", line => line.GetProperty("child").GetString() == name, life)).GetProperty("process").GetInt32());

    /// <summary>Asks the server that started as the n-th one.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path, int life = 1)
    {
        var endpoint = (await LineAsync("server_start", number: life)).GetProperty("endpoint").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.ReadText(_vault));
        return await _client.SendAsync(request);
    }

    /// <summary>Waits until the recorder has told of so many frames in a heartbeat.</summary>
    public Task RecordedAsync(long frames) => LineAsync("heartbeat", line => line.GetProperty("frames").GetInt64() >= frames);

    /// <summary>Asks it to stop and waits.</summary>
    /// <returns>Its exit status and what it said on its standard error.</returns>
    public async Task<(int Status, string Errors)> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience.Max);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Kills the supervisor and leaves its children alone.</summary>
    public void KillAlone() => _process.Kill();

    public IEnumerable<JsonElement> Named(string name) => _lines.Where(line => line.GetProperty("event").GetString() == name);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith('{')) _lines.Enqueue(JsonDocument.Parse(line).RootElement);
    }
}
