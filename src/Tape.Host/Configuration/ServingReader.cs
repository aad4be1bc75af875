using Tape.Api;
using Tape.Host.Alerts;
using Tape.Query.Engine;

namespace Tape.Host.Configuration;

/// <summary>The parts of the configuration that are about those who look at a recording: the server and alerts.</summary>
public static class ServingReader
{
    public static ApiOptions Api(ConfigSection section)
    {
        var defaults = new ApiOptions();
        var options = new ApiOptions
        {
            Port = (int)section.Integer("port", ApiOptions.PortDefault, 0, 65_535),
            Hosts = section.List("hosts") ?? [],
            Origins = section.List("origins") ?? [],
            QueriesMax = (int)section.Integer("queries", defaults.QueriesMax, 1, 64),
            Query = defaults.Query with
            {
                Timeout = section.Duration("query_timeout", defaults.Query.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
                MemoryBytes = section.Size("query_memory", defaults.Query.MemoryBytes, QueryLimits.MemoryBytesMin, 1L << 40),
                Slow = section.Duration("query_slow", defaults.Query.Slow, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
                RowsMax = section.Integer("query_rows", defaults.Query.RowsMax, 1, 1_000_000_000),
            },
        };
        foreach (var origin in options.Origins.Where(origin => !IsOrigin(origin)))
            section.Fault(section.LineOf("origins"),
                $"{section.Path}.origins: found '{origin}', expected an origin such as http://localhost:5173, without a path.");
        section.RefuseUnknown();
        return options;
    }

    public static AlertSettings Alerts(ConfigSection section)
    {
        var defaults = new AlertSettings();
        var settings = defaults with
        {
            On = section.List("on") is { } names ? States(section, names) : defaults.On,
            Every = section.Duration("every", defaults.Every, TimeSpan.Zero, TimeSpan.FromDays(1)),
            Timeout = section.Duration("timeout", defaults.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            Webhook = section.Address("webhook", "https", "http"),
            WebhookHeaders = Headers(section.Section("webhook_headers")),
            WebhookSecretVariable = section.Text("webhook_secret_env", defaults.WebhookSecretVariable),
            Remind = section.Duration("remind", defaults.Remind, TimeSpan.Zero, TimeSpan.FromDays(7)),
            Command = section.List("command") ?? [],
        };
        if (settings.Command.Any(part => part.Length == 0))
            section.Fault(section.LineOf("command"),
                $"{section.Path}.command: found an empty part, expected a program and its arguments, such as [notify-send, Tapevault].");
        section.RefuseUnknown();
        return settings;
    }

    private static IReadOnlyDictionary<string, string> Headers(ConfigSection section)
    {
        if (!section.IsPresent) return new AlertSettings().WebhookHeaders;
        var headers = section.Keys.ToDictionary(name => name, name => section.Text(name, ""));
        using var request = new HttpRequestMessage();
        foreach (var (name, _) in headers.Where(header => header.Value.Any(char.IsControl)
            || !request.Headers.TryAddWithoutValidation(header.Key, header.Value)))
            section.Fault(section.LineOf(name), $"{section.Path}.{name}: found a name or value that a request can't carry, expected letters, digits and '-' in "
                + "the name (not a header of the body, such as Content-Type) and one line as the value.");
        return headers;
    }

    private static HashSet<RecorderState> States(ConfigSection section, IReadOnlyList<string> names)
    {
        var states = new HashSet<RecorderState>();
        foreach (var name in names)
        {
            if (name.All(char.IsAsciiLetter) && Enum.TryParse<RecorderState>(name, ignoreCase: true, out var state)
                && AlertSettings.States.Contains(state)) states.Add(state);
            else section.Fault(section.LineOf("on"),
                $"{section.Path}.on: found '{name}', expected states out of "
                + $"{string.Join(", ", AlertSettings.States.Select(known => known.ToString().ToUpperInvariant()))}.");
        }

        return states;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.GetLeftPart(UriPartial.Authority) == text;
}
