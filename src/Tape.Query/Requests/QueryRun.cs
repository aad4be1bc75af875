using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Query.Views;
using Tape.Tables.DuckDb;

namespace Tape.Query.Requests;

/// <summary>Answers one request in this process; meant for a process that ends afterwards.</summary>
public static class QueryRun
{
    /// <summary>How often a question is asked again because parts went out of use while it ran.</summary>
    private const int AttemptsMax = 4;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes a snapshot, asks, writes the answer.</summary>
    /// <param name="output">Where a text format goes when the request names no file.</param>
    /// <param name="note">Takes remarks for the person who asked.</param>
    /// <param name="progress">Takes how far the answer is, 0 to 1, from another thread; null for none.</param>
    /// <exception cref="TapeException">Refused, wrong, failed, or out of time; the message is for the person who asked.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by <paramref name="cancel"/>.</exception>
    public static void Answer(QueryRequest request, SnapshotSource snapshots, TimeProvider time, Stream output, Action<string> note, CancellationToken cancel,
        Action<double>? progress = null)
    {
        var (began, asked) = (time.GetTimestamp(), new Asked());
        string? outcome = null;
        try
        {
            AnswerInTime(request, snapshots, time, output, note, cancel, progress, asked);
        }
        catch (Exception fault)
        {
            outcome = fault.Message;
            throw;
        }
        finally
        {
            if (time.GetElapsedTime(began) is var took && took.TotalSeconds >= request.SlowSeconds)
                SlowQueryLog.Write(request, UnixNanos.From(time.GetUtcNow()), took, asked.Rows, asked.Files, outcome, note);
        }
    }

    private static void AnswerInTime(QueryRequest request, SnapshotSource snapshots, TimeProvider time, Stream output, Action<string> note,
        CancellationToken cancel, Action<double>? progress, Asked asked)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(request.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        using var counted = new CountedOutput(output);
        try
        {
            for (var attempt = 1; !TryAnswer(request, snapshots, time, counted, note, either.Token, progress, asked, isLast: attempt == AttemptsMax);
                attempt++) { }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DuckDbException($"the query was ended after {request.TimeoutSeconds} s",
                "Ask for a shorter time with --from and --to, or raise --timeout.");
        }
    }

    /// <summary>
    /// False when parts of the snapshot were replaced by another generation before all of them were open, and nothing has gone out yet: then a new snapshot has
    /// all rows again.
    /// </summary>
    private static bool TryAnswer(
        QueryRequest request, SnapshotSource snapshots, TimeProvider time, CountedOutput output, Action<string> note, CancellationToken cancel,
            Action<double>? progress, Asked asked, bool isLast)
    {
        var range = new QueryRange(request.From is { } from ? new UnixNanos(from) : null, request.ToExcl is { } to ? new UnixNanos(to) : null);
        var snapshot = snapshots(request.Vault, range);
        if (CompactViews.AreNamedIn(request.Sql)) snapshot = snapshot.WithFinished();
        if (CandleViews.IsNamedIn(request.Sql)) snapshot = snapshot.WithCandles();
        asked.Files = RawViews.Paths(snapshot, range).Count();
        try
        {
            using var engine = Open(request, snapshot, range, UnixNanos.From(time.GetUtcNow()), progress is not null, cancel);
            using var watch = progress is null
                ? null : time.CreateTimer(_ => { if (engine.Progress() is { } done) progress(done); }, null, ProgressEvery, ProgressEvery);
            asked.Rows = Write(request, engine, output, note);
            return true;
        }
        catch (TapeException) when (!isLast && output.Bytes == 0 && RawViews.Paths(snapshot, range).Any(path => !File.Exists(path)))
        {
            return false;
        }
    }

    private static QueryEngine Open(QueryRequest request, VaultSnapshot snapshot, QueryRange range, UnixNanos now, bool watched, CancellationToken cancel)
    {
        var limits = new QueryLimits(request.MemoryBytes, null, request.SpillFolder);
        if (request.SpillBytes is { } spill) limits = limits with { SpillBytes = spill };
        var parquetPath = request.Format == "parquet" ? request.OutPath ?? throw new QueryRefusedException("parquet goes to a file only", "Give --out.") : null;
        return QueryEngine.Open(snapshot, range, limits, now, parquetPath, cancel, watched);
    }

    /// <returns>Rows of the answer.</returns>
    private static long Write(QueryRequest request, QueryEngine engine, Stream output, Action<string> note)
    {
        if (request.Format == "parquet")
        {
            var stored = engine.WriteParquet(request.Sql, request.OutPath!);
            note($"{stored} rows written.");
            return stored;
        }
        using var rows = engine.Run(request.Sql);
        using var file = request.OutPath is null ? null : new FileStream(request.OutPath, FileMode.Create, FileAccess.Write, FileShare.Read);
        using var limited = new CountedOutput(file ?? output, request.AnswerBytesMax ?? long.MaxValue);
        var written = RowWriters.WriteAll(rows, RowWriters.Create(request.Format, limited, file is null ? request.Width : null, note, request.Page),
            request.RowsMax ?? long.MaxValue);
        if (file is not null) note($"{written} rows written.");
        return written;
    }

    /// <summary>What is known of a question while it runs.</summary>
    private sealed class Asked
    {
        public long? Rows { get; set; }

        public int Files { get; set; }
    }
}
