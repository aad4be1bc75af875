using System.Net.Http.Headers;
using System.Text.Json;
using Tape.Api.Live;
using Tape.Api.Security;
using Tape.Storage.Files;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Api.Tests.Support;

/// <summary>A server on a free port over a tape that the test writes, and a client that shows the token.</summary>
public abstract class ApiHarness : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Exception> _faults = [];
    private ApiServer? _server;

    private protected FakeTime Time { get; } = new();

    private protected ScriptedQueries Queries { get; } = new();

    private protected ServerMetrics Figures { get; } = new();

    private protected ScriptedTape Tape { get; private set; } = null!;

    private protected VaultFollower Follower { get; private set; } = null!;

    private protected HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    private protected string Vault => _folder["vault"];

    private protected virtual ApiOptions Options => new() { Port = 0, Hosts = ["vault.example"], Origins = ["http://localhost:5173"], QueriesMax = 1 };

    /// <summary>Whether the server follows books.</summary>
    private protected virtual bool WithBooks => false;

    public async Task InitializeAsync()
    {
        Tape = new ScriptedTape(Vault, Time);
        Follower = new VaultFollower(DiskFiles.Instance, Vault, Time, WithBooks);
        _server = await ApiServer.StartAsync(Options, Vault, DiskFiles.Instance, Time, Follower, Figures, Queries, (_, fault) => _faults.Add(fault));
        Client.BaseAddress = new Uri($"http://127.0.0.1:{_server.Port}");
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.ReadText(Vault));
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        Tape.Dispose();
        await _server!.DisposeAsync();
        Assert.Empty(_faults);
    }

    public virtual void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes in what is on the tape.</summary>
    private protected void Follow() => Follower.ReadToEnd(CancellationToken.None);

    private protected async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var answer = await Client.GetAsync(path);
        return await ReadAsync(answer, status);
    }

    private protected static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"found status {(int)answer.StatusCode}, expected {status}: {text}");
        if (status >= 400 && status != 503) Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    private protected static HttpRequestMessage Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
