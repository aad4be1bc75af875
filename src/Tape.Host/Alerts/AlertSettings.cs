using Tape.Core.Net;

namespace Tape.Host.Alerts;

/// <summary>Where alerts about changes of the state go, and how often.</summary>
public sealed record AlertSettings
{
    /// <summary>States whose beginning is worth an alert.</summary>
    public IReadOnlySet<RecorderState> On { get; init; } = new HashSet<RecorderState>(Enum.GetValues<RecorderState>());

    /// <summary>Least time between two alerts, unless the second one is of a worse state; changes in between come as one alert when it is over.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets a POST with JSON; null for none. It may hold a secret, so no log shows more of it than the host.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Program and arguments that are started; empty for none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The ways beside the log, which always has it.</summary>
    /// <param name="network">How the webhook is reached.</param>
    public IReadOnlyList<IAlertChannel> Ways(NetworkOptions network, TimeProvider time)
    {
        var ways = new List<IAlertChannel>();
        if (Webhook is not null) ways.Add(new WebhookChannel(Webhook, network, Timeout, time));
        if (Command.Count > 0) ways.Add(new CommandChannel(Command, Timeout, time));
        return ways;
    }
}
