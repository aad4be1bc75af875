using Tape.Query.Output;

namespace Tape.Api;

/// <summary>Answers questions in processes of their own, so that whatever a question does to its process is over with it. Thread-safe.</summary>
public interface IQueryRunner
{
    /// <summary>Answers one question whole, or not at all.</summary>
    /// <param name="cancel">Ends it and its process.</param>
    /// <returns>The answer, to be disposed of once it has been sent.</returns>
    /// <exception cref="QueryFailedException">It was refused, was wrong, failed, or went beyond a limit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<IQueryAnswer> RunAsync(ApiQuestion question, CancellationToken cancel);
}

/// <summary>A question over the vault.</summary>
/// <param name="Sql">One SELECT.</param>
/// <param name="Format"><c>json</c>, <c>ndjson</c> or <c>csv</c>.</param>
/// <param name="FromNanos">Least receive time, nanoseconds since the epoch; null for none.</param>
/// <param name="ToNanosExcl">Receive time that ends the range; null for none.</param>
/// <param name="Page">The part of a list that is asked for; null for the rows as they are.</param>
public sealed record ApiQuestion(string Sql, string Format, long? FromNanos, long? ToNanosExcl, ApiQueryLimits Limits, AnswerPage? Page = null);

/// <summary>An answer that is complete.</summary>
public interface IQueryAnswer : IDisposable
{
    /// <summary>Bytes of it.</summary>
    long Bytes { get; }

    /// <summary>Opens it for reading from the beginning.</summary>
    Stream Open();
}

/// <summary>A question that got no answer; the message is for the person who asked.</summary>
/// <param name="isCallersFault">Whether another question, not another time, is what helps.</param>
public sealed class QueryFailedException(string message, string? hint, bool isCallersFault) : TapeException(message, hint)
{
    /// <summary>Whether the question itself is at fault.</summary>
    public bool IsCallersFault { get; } = isCallersFault;
}
