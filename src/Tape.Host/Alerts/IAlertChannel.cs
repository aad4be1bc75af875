namespace Tape.Host.Alerts;

/// <summary>A way in which alerts reach people.</summary>
public interface IAlertChannel
{
    /// <summary>For the log: what it is, without secrets.</summary>
    string Name { get; }

    /// <summary>Tells it, with its own bounded attempts and time.</summary>
    /// <returns>Null when it was taken; else why not, without secrets.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<string?> SendAsync(Alert alert, CancellationToken cancel);
}
