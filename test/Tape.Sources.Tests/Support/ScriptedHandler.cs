using System.Net;
using System.Text;

namespace Tape.Sources.Tests.Support;

/// <summary>A venue made of prepared answers, one a request; the last one is given again and again. Remembers what was asked and when.</summary>
internal sealed class ScriptedHandler(TimeProvider time) : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    public List<(string Url, DateTimeOffset At)> Requests { get; } = [];

    public ScriptedHandler Answer(int status, string body = "{}", Action<HttpResponseMessage>? with = null) => Answer((_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        with?.Invoke(response);
        return Task.FromResult(response);
    });

    public ScriptedHandler Throw(Exception fault) => Answer((_, _) => throw fault);

    public ScriptedHandler Hang() => Answer(async (_, cancel) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
        throw new InvalidOperationException("not reached");
    });

    /// <summary>Answers with what a function makes at that moment.</summary>
    public ScriptedHandler Answer(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.RequestUri!.AbsoluteUri, time.GetUtcNow()));
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())(request, cancellationToken);
    }
}
