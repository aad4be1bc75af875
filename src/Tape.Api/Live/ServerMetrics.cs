namespace Tape.Api.Live;

/// <summary>What the server itself has done since it started. Thread-safe.</summary>
public sealed class ServerMetrics
{
    private long _requests;
    private long _refused;
    private long _queries;
    private long _queriesFailed;
    private long _seals;
    private long _sealedRows;
    private long _sealedSeq = -1;

    /// <summary>Requests that came.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests that were refused before they were looked at: token, host, origin, too many at a time.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Questions that were begun.</summary>
    public long Queries => Interlocked.Read(ref _queries);

    /// <summary>Questions among them that got no answer.</summary>
    public long QueriesFailed => Interlocked.Read(ref _queriesFailed);

    /// <summary>Ranges of the tape that became tables.</summary>
    public long Seals => Interlocked.Read(ref _seals);

    /// <summary>Their rows.</summary>
    public long SealedRows => Interlocked.Read(ref _sealedRows);

    /// <summary>Number of the record after the last one that was sealed by this server; null before the first seal.</summary>
    public long? SealedSeq => Interlocked.Read(ref _sealedSeq) is >= 0 and var seq ? seq : null;

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountQuery() => Interlocked.Increment(ref _queries);

    public void CountFailedQuery() => Interlocked.Increment(ref _queriesFailed);

    /// <summary>A range was sealed.</summary>
    public void CountSeal(long toSeqExcl, long rows)
    {
        Interlocked.Increment(ref _seals);
        Interlocked.Add(ref _sealedRows, rows);
        Interlocked.Exchange(ref _sealedSeq, toSeqExcl);
    }
}
