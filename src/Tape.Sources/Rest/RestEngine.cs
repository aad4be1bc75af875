using Tape.Venues.Rest;

namespace Tape.Sources.Rest;

/// <summary>
/// Asks one venue, one request at a time, and never more than it allows: weight by clock minute as the venue itself counts it, waits that the venue asks for
/// (429, 418), retries that are few and spread by chance, a breaker for a venue that does not answer. What can be expected to go wrong comes back as a value.
/// Thread-safe; further callers wait for their turn.
/// </summary>
public sealed class RestEngine : IDisposable
{
    private readonly string _venue;
    private readonly Uri _endpoint;
    private readonly IVenueRest _rest;
    private readonly RestEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _chance;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly WeightBudget _weight;
    private readonly RestBreaker _breaker;
    private RestFailure? _hold;
    private long _holdFrom;
    private TimeSpan _holdFor;

    /// <param name="venue">Its name, for messages.</param>
    /// <param name="endpoint">Base address: http or https.</param>
    /// <param name="handler">Sends; owned by the caller, who disposes it after all engines that use it.</param>
    /// <param name="chance">Spreads the retries.</param>
    public RestEngine(string venue, Uri endpoint, IVenueRest rest, HttpMessageHandler handler, RestEngineOptions options, TimeProvider time, Random chance)
    {
        (_venue, _endpoint, _rest, _options, _time, _chance) = (venue, endpoint, rest, options, time, chance);
        _http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = options.BodyBytesMax };
        _weight = new WeightBudget(rest.Limits.WeightPerMinute, time);
        _breaker = new RestBreaker(options, time);
    }

    /// <summary>Asks, and waits and asks again within the limits.</summary>
    /// <param name="fault">Says what is wrong with a body, or null when it is what was asked for; must not throw.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<RestOutcome> SendAsync(RestRequest request, Func<ReadOnlyMemory<byte>, string?> fault, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var backoff = new Backoff(_options.RetryFirst, _options.RetryLongest, _chance);
            for (var tries = 1; ; tries++)
            {
                if (await AdmitAsync(request, cancel) is { } held) return held;
                var outcome = await TryAsync(request, fault, tries, cancel);
                if (outcome.Failure is not { } failure)
                {
                    _breaker.Close();
                    return outcome;
                }

                if (failure.IsUnwell) _breaker.Count();
                if (!failure.IsPassing || tries >= _options.TriesMax) return failure;
                if (failure.IsUnwell) await Task.Delay(backoff.Next(), _time, cancel);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _turn.Dispose();
    }

    private UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    /// <summary>Waits until the request may be sent.</summary>
    /// <returns>Why it can't be sent within <see cref="RestEngineOptions.WaitMax"/>; null when it may be sent now.</returns>
    private async Task<RestFailure?> AdmitAsync(RestRequest request, CancellationToken cancel)
    {
        if (_breaker.OpenFor is { Ticks: > 0 } open)
            return new(RestFailureKind.BreakerOpen, $"{_venue}: not asked, as the last {_options.BreakerAfter} tries or more failed.",
                "It is tried again by itself; look at the network and at the venue's status page.", Now.Add(open));
        if (_hold is not null)
        {
            var left = _holdFor - _time.GetElapsedTime(_holdFrom);
            if (left > _options.WaitMax) return _hold;
            if (left > TimeSpan.Zero) await Task.Delay(left, _time, cancel);
            _hold = null;
        }

        while (_weight.Take(request.Weight) is { Ticks: > 0 } wait) await Task.Delay(wait, _time, cancel);
        return null;
    }

    private async Task<RestOutcome> TryAsync(RestRequest request, Func<ReadOnlyMemory<byte>, string?> fault, int tries, CancellationToken cancel)
    {
        var url = new Uri($"{_endpoint.AbsoluteUri.TrimEnd('/')}{request.PathAndQuery}");
        var shown = url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        using var limit = new CancellationTokenSource(_options.TryTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var (sentAt, sent) = (Now, _time.GetTimestamp());
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var roundTrip = _time.GetElapsedTime(sent);
            LearnWeight(response);
            if (response.Content.Headers.ContentLength > _options.BodyBytesMax) return TooLong(shown);
            await response.Content.LoadIntoBufferAsync(_options.BodyBytesMax, either.Token);
            ReadOnlyMemory<byte> body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (!response.IsSuccessStatusCode) return Refused(response, shown, body);
            if (_rest.ReadError(body) is { } said)
                return new RestFailure(RestFailureKind.ServerTrouble, $"{_venue}: {shown} answered {(int)response.StatusCode} with an error: {said}.",
                    "It is tried again; the venue's words say what is wrong.");
            if (fault(body) is { } wrong)
                return new RestFailure(RestFailureKind.Malformed, $"{_venue}: {shown} answered {body.Length} bytes that are not what was asked for: {wrong}.",
                    "It is tried again. If it lasts, the venue may have changed its answers: update tape.");
            return new RestAnswer(request, shown, (int)response.StatusCode, body, sentAt, roundTrip, sentAt.Add(_time.GetElapsedTime(sent)), tries);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RestFailure(RestFailureKind.TooSlow,
                string.Create(CultureInfo.InvariantCulture, $"{_venue}: no whole answer from {shown} within {_options.TryTimeout.TotalSeconds:0.#} s."),
                "Look at the network; it is tried again.");
        }
        catch (HttpRequestException broken) when (broken.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return TooLong(shown);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return new RestFailure(RestFailureKind.Unreachable, $"{_venue}: {shown} can't be reached: {Reason(broken)}.",
                "Look at the network, at network.proxy and at rest_endpoint in the configuration.");
        }
    }

    private RestFailure TooLong(string url) =>
        new(RestFailureKind.TooLong, $"{_venue}: {url} answered more than {_options.BodyBytesMax} bytes.",
            "Look whether rest_endpoint in the configuration is the venue's.");

    private RestFailure Refused(HttpResponseMessage response, string url, ReadOnlyMemory<byte> body)
    {
        var status = (int)response.StatusCode;
        var pause = RestFaults.Pause(status, response.Headers.RetryAfter, _time.GetUtcNow());
        var failure = RestFaults.FromStatus(_venue, url, status, _rest.ReadError(body), pause is { } wait ? Now.Add(wait) : null);
        if (pause is { } held) (_hold, _holdFrom, _holdFor) = (failure, _time.GetTimestamp(), held);
        return failure;
    }

    private void LearnWeight(HttpResponseMessage response)
    {
        if (_rest.Limits.WeightHeader is { } header && response.Headers.TryGetValues(header, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var used))
            _weight.Learn(used);
    }

    private static string Reason(Exception fault) =>
        fault.InnerException is { } inner && !fault.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{fault.Message} ({inner.Message})" : fault.Message;
}
