using Microsoft.AspNetCore.Http;
using Tape.Api.Text;

namespace Tape.Api.Routes;

/// <summary>Lets so many questions be worked on at a time and tells the others to come again: nothing queues up. Thread-safe.</summary>
internal sealed class QueryGate(int most)
{
    private readonly SemaphoreSlim _places = new(most, most);

    /// <summary>Works on a question, or refuses it at once.</summary>
    public async Task WithinAsync(HttpContext context, Func<Task> work)
    {
        if (!_places.Wait(0, CancellationToken.None))
        {
            await new Problem(StatusCodes.Status429TooManyRequests, "too many questions", $"{most} questions are being answered, which is the limit.",
                "Ask again in a moment, or raise api.queries in tape.yaml.")
            { RetryAfterSeconds = 1 }.WriteAsync(context);
            return;
        }

        try
        {
            await work();
        }
        finally
        {
            _places.Release();
        }
    }
}
