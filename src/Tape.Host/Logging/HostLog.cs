using Microsoft.Extensions.Logging;

namespace Tape.Host.Logging;

/// <summary>Log messages of what runs beside the recorder. Parameter names become the fields' names.</summary>
internal static partial class HostLog
{
    [LoggerMessage(EventName = "server_start", Level = LogLevel.Information, Message = "{vault} {endpoint} {process}")]
    public static partial void ServerStart(this ILogger log, string vault, string endpoint, int process);

    [LoggerMessage(EventName = "server_stop", Level = LogLevel.Information, Message = "{requests}")]
    public static partial void ServerStop(this ILogger log, long requests);

    [LoggerMessage(EventName = "api_fault", Level = LogLevel.Error, Message = "{path} {reason}")]
    public static partial void ApiFault(this ILogger log, string path, string reason);

    [LoggerMessage(EventName = "sealed", Level = LogLevel.Information, Message = "{fromSeq} {toSeq} {rows} {files} {undecodable}")]
    public static partial void Sealed(this ILogger log, long fromSeq, long toSeq, long rows, int files, long undecodable);

    [LoggerMessage(EventName = "gap_ledger_waits", Level = LogLevel.Error, Message = "{reason} {advice}")]
    public static partial void GapLedgerWaits(this ILogger log, string reason, string advice);

    [LoggerMessage(EventName = "log_lost", Level = LogLevel.Error, Message = "{reason} {advice}")]
    public static partial void LogLost(this ILogger log, string reason, string advice);

    [LoggerMessage(EventName = "gap_ledger_rebuilt", Level = LogLevel.Warning, Message = "{reason} {advice}")]
    public static partial void GapLedgerRebuilt(this ILogger log, string reason, string advice);

    [LoggerMessage(EventName = "gaps_detected", Level = LogLevel.Warning, Message = "{more} {advice}")]
    public static partial void MoreGaps(this ILogger log, int more, string advice);

    [LoggerMessage(EventName = "child_start", Level = LogLevel.Information, Message = "{child} {process}")]
    public static partial void ChildStart(this ILogger log, string child, int process);

    [LoggerMessage(EventName = "child_not_started", Level = LogLevel.Error, Message = "{child} {reason}")]
    public static partial void ChildNotStarted(this ILogger log, string child, string reason);

    [LoggerMessage(EventName = "child_died", Level = LogLevel.Error, Message = "{child} {status} {againAfterS} {advice}")]
    public static partial void ChildDied(this ILogger log, string child, int status, double againAfterS, string advice);
}
