using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tape.Core.Health;
using Tape.Core.Net;
using Tape.Core.Values;
using Tape.Host.Alerts;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Alerts;

public sealed class AlertChannelTests : IDisposable
{
    private static readonly Alert Sample =
        new(new UnixNanos(1_795_219_200_000_000_000), "READY", new StateReport(RecorderState.Error, ["the disk is \"full\""], ["Free space."]), 2, "/vault",
        IsTest: false);

    private readonly FakeTime _time = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TemporaryFolder _folder = new();

    public AlertChannelTests() => _listener.Start();

    [Fact]
    public async Task A_webhook_gets_JSON_with_what_happened_and_what_to_do()
    {
        var sending = Webhook().SendAsync(Sample, CancellationToken.None);
        var (head, body) = await AnswerAsync("204 No Content");
        Assert.Null(await sending);
        Assert.StartsWith("POST /hook?key=secret HTTP/1.1", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", head, StringComparison.Ordinal);
        Assert.Contains("X-Team: desk", head, StringComparison.Ordinal);
        Assert.DoesNotContain("webhook-signature", head, StringComparison.Ordinal);
        using var sent = JsonDocument.Parse(body);
        Assert.Equal("ERROR", sent.RootElement.GetProperty("state").GetString());
        Assert.Equal("the disk is \"full\"", sent.RootElement.GetProperty("why")[0].GetString());
        Assert.Equal(2, sent.RootElement.GetProperty("changes").GetInt32());
    }

    [Fact]
    public async Task A_webhook_with_a_secret_is_signed_as_Standard_Webhooks_says()
    {
        const string secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var sending = Webhook(WebhookSignature.Of($"whsec_{secret}")).SendAsync(Sample, CancellationToken.None);
        var (head, body) = await AnswerAsync("204 No Content");
        Assert.Null(await sending);
        var (id, timestamp) = (Header(head, "webhook-id"), Header(head, "webhook-timestamp"));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), timestamp);
        var expected = HMACSHA256.HashData(Convert.FromBase64String(secret), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", Header(head, "webhook-signature"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_short")]
    [InlineData("whsec_not base64!")]
    public void What_is_no_secret_is_refused(string text) => Assert.Null(WebhookSignature.Of(text));

    [Fact]
    public async Task A_webhook_that_fails_is_tried_three_times_and_its_secret_is_not_shown()
    {
        var way = Webhook();
        var sending = way.SendAsync(Sample, CancellationToken.None);
        var answering = Task.Run(async () =>
        {
            for (var attempt = 0; attempt < 3; attempt++) await AnswerAsync(attempt == 0 ? "302 Found" : "500 Internal Server Error");
        });
        await _time.AdvanceUntilAsync(() => sending.IsCompleted, "all attempts are over", TimeSpan.FromMilliseconds(250));
        await answering;
        var failure = await sending;
        Assert.Contains("HTTP status 500", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure + way.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_finds_the_alert_in_its_environment_and_on_its_input()
    {
        if (OperatingSystem.IsWindows()) return;
        var way = new CommandChannel(["sh", "-c", $"echo \"$TAPE_STATE $TAPE_BEFORE $TAPE_WHY\" > '{_folder["env"]}'; cat > '{_folder["json"]}'"], Patience.Max,
            TimeProvider.System);
        Assert.Null(await way.SendAsync(Sample, CancellationToken.None));
        Assert.Equal("ERROR READY the disk is \"full\"\n", await File.ReadAllTextAsync(_folder["env"]));
        using var given = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["json"]));
        Assert.Equal("/vault", given.RootElement.GetProperty("vault").GetString());
    }

    [Fact]
    public async Task A_command_that_fails_or_does_not_exist_or_does_not_end_says_so()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal("ended with status 7, expected 0",
            await new CommandChannel(["sh", "-c", "exit 7"], Patience.Max, TimeProvider.System).SendAsync(Sample, CancellationToken.None));
        Assert.StartsWith("could not be started",
            await new CommandChannel(["/nowhere/notify"], Patience.Max, TimeProvider.System).SendAsync(Sample, CancellationToken.None),
            StringComparison.Ordinal);
        var hanging = new CommandChannel(["sleep", "1000"], TimeSpan.FromSeconds(5), _time).SendAsync(Sample, CancellationToken.None);
        await _time.AdvanceUntilAsync(() => hanging.IsCompleted, "its time is over", TimeSpan.FromSeconds(1));
        Assert.Equal("did not end within 5 s and was killed", await hanging);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private static string Header(string head, string name) =>
        head.Split("\r\n").Single(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    private WebhookChannel Webhook(WebhookSignature? signature = null) =>
        new(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook?key=secret"),
            new Dictionary<string, string> { ["X-Team"] = "desk" }, signature, new NetworkOptions(), TimeSpan.FromHours(1), _time);

    /// <summary>Takes one request and answers it.</summary>
    private async Task<(string Head, string Body)> AnswerAsync(string status)
    {
        using var socket = await _listener.AcceptTcpClientAsync();
        await using var stream = socket.GetStream();
        var text = new StringBuilder();
        var bytes = new byte[4096];
        while (!IsWhole(text.ToString())) text.Append(Encoding.UTF8.GetString(bytes, 0, await stream.ReadAsync(bytes)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n{(status.StartsWith('3') ? "Location: http://127.0.0.1:1/\r\n" : "")}\r\n"));
        var parts = text.ToString().Split("\r\n\r\n", 2);
        return (parts[0], parts[1]);
    }

    private static bool IsWhole(string request)
    {
        var parts = request.Split("\r\n\r\n", 2);
        if (parts.Length < 2) return false;
        var length = parts[0].Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        return Encoding.UTF8.GetByteCount(parts[1]) >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
    }
}
