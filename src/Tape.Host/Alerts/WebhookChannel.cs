using System.Net.Http.Headers;
using Tape.Core.Net;
using Tape.Sources.Rest;

namespace Tape.Host.Alerts;

/// <summary>
/// Posts an alert as JSON. By the proxy that the configuration names. Three attempts, 1 s and 4 s apart; no redirect is followed. What the other side answers
/// is not read beyond its status.
/// </summary>
/// <param name="headers">That each request has besides.</param>
/// <param name="signature">Null where nothing is signed.</param>
public sealed class WebhookChannel(
    Uri address, IReadOnlyDictionary<string, string> headers, WebhookSignature? signature, NetworkOptions network, TimeSpan timeout, TimeProvider time)
    : IAlertChannel
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    public string Name => $"webhook {address.Host}";

    public async Task<string?> SendAsync(Alert alert, CancellationToken cancel)
    {
        using var handler = RestHandler.Create(network);
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        for (var attempt = 0; ; attempt++)
        {
            var failure = await TryAsync(client, alert, cancel);
            if (failure is null || attempt == Waits.Length) return failure;
            await Task.Delay(Waits[attempt], time, cancel);
        }
    }

    private async Task<string?> TryAsync(HttpClient client, Alert alert, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var body = Encoding.UTF8.GetBytes(JsonText.Object(alert.Write));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        signature?.Sign(request.Headers, body, time.GetUtcNow());
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"answered with HTTP status {(int)answer.StatusCode}, expected 2xx";
        }
        catch (HttpRequestException fault)
        {
            // Not its text: that may hold the address with a secret in it.
            return $"could not be reached: {fault.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"gave no answer within {timeout.TotalSeconds:0.#} s";
        }
    }
}
