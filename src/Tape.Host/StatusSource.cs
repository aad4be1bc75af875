using System.Net.Http.Headers;
using System.Text.Json;
using Tape.Api.Documents;
using Tape.Api.Live;
using Tape.Api.Security;
using Tape.Storage.Files;
using Tape.Storage.Journal;

namespace Tape.Host;

/// <summary>How a recording is: from the vault's server where one answers, else from the vault itself, which takes longer and gives the same.</summary>
public static class StatusSource
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    /// <summary>The document of <c>/status</c>.</summary>
    /// <exception cref="TapeException">The vault can't be read.</exception>
    public static async Task<StatusDocument> ReadAsync(string vault, TimeProvider time, CancellationToken cancel) =>
        await FromServerAsync(vault, time, cancel) ?? await Task.Run(() => FromVault(vault, time, cancel), cancel);

    /// <summary>Null where no server answers, or not to us.</summary>
    private static async Task<StatusDocument?> FromServerAsync(string vault, TimeProvider time, CancellationToken cancel)
    {
        if (OwnerLock.ReadOwner(DiskFiles.Instance, ApiToken.Folder(vault))?.Port is not { } port) return null;
        using var limit = new CancellationTokenSource(AnswersWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/status");
        try
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.ReadText(vault));
            using var answer = await client.SendAsync(request, either.Token);
            if (!answer.IsSuccessStatusCode) return null;
            return StatusDocument.Parse(await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception fault) when (
            fault is HttpRequestException or JsonException or TapeException or UnauthorizedAccessException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return null; // The server is gone, busy, or another vault's: this vault has everything.
        }
    }

    private static StatusDocument FromVault(string vault, TimeProvider time, CancellationToken cancel)
    {
        var follower = new VaultFollower(DiskFiles.Instance, vault, time);
        follower.ReadToEnd(cancel);
        return StatusDocument.Of(follower.Look(), UnixNanos.From(time.GetUtcNow()));
    }
}
