using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;

namespace Tape.Host.Logging;

/// <summary>
/// Puts what libraries log into our own log, from warnings on. The event is the name of their event id, or else their category; <c>text</c> has their message.
/// </summary>
/// <param name="log">Owned by the caller.</param>
public sealed class JsonLoggerProvider(ILogger log) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(log, categoryName);

    /// <summary>Owns nothing.</summary>
    public void Dispose()
    {
    }

    private sealed class CategoryLogger(ILogger log, string category) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            log.Event(logLevel, eventId.Name ?? category, json =>
            {
                json.WriteString("category", category);
                json.WriteString("text", text);
                if (exception is not null) json.WriteString("reason", $"{exception.GetType().Name}: {exception.Message}");
            });
        }
    }
}
