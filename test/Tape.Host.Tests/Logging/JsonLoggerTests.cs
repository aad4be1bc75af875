using System.Text;
using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Core.Logging;
using Tape.Host.Logging;
using Tape.TestKit.Time;

namespace Tape.Host.Tests.Logging;

public sealed class JsonLoggerTests : ILogSink
{
    private const string Start = "{\"time\":\"2026-11-21T00:00:00.000000000Z\",\"level\":";

    private readonly List<string> _lines = [];
    private readonly JsonLogger _log;

    public JsonLoggerTests() => _log = new JsonLogger(this, new FakeTime());

    void ILogSink.Write(ReadOnlySpan<byte> line) => _lines.Add(Encoding.UTF8.GetString(line));

    [Fact]
    public void Parameters_of_a_generated_message_become_fields_in_their_order()
    {
        _log.ChildDied("recorder", 137, 1, "See \"logs\".");
        _log.Sealed(1, 2, 3, 4, 5);
        Assert.Equal(
            [
                Start + "\"error\",\"event\":\"child_died\",\"child\":\"recorder\",\"status\":137,\"again_after_s\":1,\"advice\":\"See \\u0022logs\\u0022.\"}",
                Start + "\"info\",\"event\":\"sealed\",\"from_seq\":1,\"to_seq\":2,\"rows\":3,\"files\":4,\"undecodable\":5}",
            ],
            _lines);
    }

    [Fact]
    public void Libraries_log_from_warnings_on_under_the_name_of_their_event_or_category()
    {
        using var provider = new JsonLoggerProvider(_log);
        var library = provider.CreateLogger("Some.Library");
        library.Log(LogLevel.Information, "chatter");
        library.Log(LogLevel.Warning, new EventId(7, "SlowDisk"), "took {Seconds} s", 3);
        library.Log(LogLevel.Critical, new IOException("gone"), "lost");
        Assert.Equal(
            [
                Start + "\"warning\",\"event\":\"SlowDisk\",\"category\":\"Some.Library\",\"text\":\"took 3 s\"}",
                Start + "\"error\",\"event\":\"Some.Library\",\"category\":\"Some.Library\",\"text\":\"lost\",\"reason\":\"IOException: gone\"}",
            ],
            _lines);
    }
}
