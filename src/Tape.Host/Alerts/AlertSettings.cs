using System.Collections.ObjectModel;
using Tape.Core.Net;

namespace Tape.Host.Alerts;

/// <summary>Where alerts about changes of the state go, and how often.</summary>
public sealed record AlertSettings
{
    /// <summary>States that an alert can be about: all but STARTING, which nothing changes to.</summary>
    public static readonly IReadOnlyList<RecorderState> States = [.. Enum.GetValues<RecorderState>().Where(state => state != RecorderState.Starting)];

    /// <summary>States whose beginning is worth an alert.</summary>
    public IReadOnlySet<RecorderState> On { get; init; } = new HashSet<RecorderState>(States);

    /// <summary>Least time between two alerts, unless the second one is of a worse state; changes in between come as one alert when it is over.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A state worse than READY that lasts is alerted again after this time; zero for never.</summary>
    public TimeSpan Remind { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets a POST with JSON; null for none. It may hold a secret, so no log shows more of it than the host.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Headers that the webhook gets besides. Their values may be secrets.</summary>
    public IReadOnlyDictionary<string, string> WebhookHeaders { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The environment variable with the secret that signs what the webhook gets; where it is not set, nothing is signed.</summary>
    public string WebhookSecretVariable { get; init; } = "TAPE_WEBHOOK_SECRET";

    /// <summary>Program and arguments that are started; empty for none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The ways beside the log, which always has it.</summary>
    /// <param name="network">How the webhook is reached.</param>
    /// <param name="environment">Gives the value of an environment variable.</param>
    /// <exception cref="UsageException">The secret is none.</exception>
    public IReadOnlyList<IAlertChannel> Ways(NetworkOptions network, TimeProvider time, Func<string, string?> environment)
    {
        var ways = new List<IAlertChannel>();
        if (Webhook is not null) ways.Add(new WebhookChannel(Webhook, WebhookHeaders, Signature(environment), network, Timeout, time));
        if (Command.Count > 0) ways.Add(new CommandChannel(Command, Timeout, time));
        return ways;
    }

    private WebhookSignature? Signature(Func<string, string?> environment) => environment(WebhookSecretVariable) is not { Length: > 0 } secret ? null
        : WebhookSignature.Of(secret) ?? throw new UsageException($"{WebhookSecretVariable}: found a text of {secret.Length} characters, expected "
            + "'whsec_' and 24 to 64 bytes in base64.", "Take the secret as your webhook's service shows it (Standard Webhooks), or unset the variable.");
}
