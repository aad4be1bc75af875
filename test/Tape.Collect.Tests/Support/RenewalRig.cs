using System.Text;
using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Core.Health;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>
/// One connection of a venue with two streams, whose other end is the test: it hears what is asked, answers as it likes, and lets the streams speak or not.
/// </summary>
internal sealed class RenewalRig : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly List<CancellationTokenSource> _ends = [];
    private readonly IVenue _venue;
    private readonly string _route;

    public RenewalRig(string venue)
    {
        _venue = VenueCatalog.Find(venue)!;
        string[] channels = venue switch
        {
            "binance" => ["bookTicker", "depth"],
            "bybit" => ["tickers", "orderbook.50"],
            _ => ["bbo-tbt", "books"],
        };
        _route = venue == "bybit" ? "linear" : "public";
        Rig = new StorageLoopRig(_folder.Path, DiskFiles.Instance, Time, options: null, _venue, channels);
    }

    public FakeTime Time { get; } = new();

    public StorageLoopRig Rig { get; }

    public ConnectionPlan Plan => Rig.Plan(_route);

    /// <summary>The streams that speak each second.</summary>
    public HashSet<int> Speaking { get; } = [0, 1];

    /// <summary>What the venue answers to a request; null for nothing.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>What was asked for beyond the plan's requests, and the second in which.</summary>
    public List<(int Second, string Frame)> Asked { get; } = [];

    public long Connection => Rig.Connection;

    public ConnectionSignals Signals { get; private set; } = null!;

    public int Now { get; private set; }

    /// <summary>The state of the second stream.</summary>
    public StreamHealth Health => Rig.Board.Latest!.Streams[1].Health;

    public StateReport Report => Rig.Board.Latest!.Report;

    /// <summary>Opens a connection, which sends the plan's requests.</summary>
    public RenewalRig Open()
    {
        _ends.Add(new CancellationTokenSource());
        Signals = Rig.Context.Watch(Rig.Connect(_route), _ends[^1]);
        foreach (var request in Plan.Requests) Send(request.Frame);
        Rig.Step();
        return this;
    }

    /// <summary>Lets seconds go by.</summary>
    public RenewalRig Run(int seconds)
    {
        for (var end = Now + seconds; Now < end; Now++)
        {
            foreach (var place in Speaking) Deliver(Data(place));
            Rig.Step(Second);
            while (Signals.TakeAsk() is { } request)
            {
                Asked.Add((Now, request.Frame));
                Send(request.Frame);
            }
        }

        return this;
    }

    /// <summary>The venue says something.</summary>
    public void Deliver(string frame) => Assert.True(Rig.Enqueue(Connection, Encoding.UTF8.GetBytes(frame)));

    /// <summary>The answer that accepts a request.</summary>
    public string Accepts(string request) => _venue.Name switch
    {
        "binance" => $"{{\"result\":null,\"id\":{IdOf(request)}}}",
        "bybit" => $"{{\"success\":true,\"ret_msg\":\"\",\"conn_id\":\"x\",\"req_id\":\"{IdOf(request)}\",\"op\":\"subscribe\"}}",
        _ => $"{{\"id\":\"{IdOf(request)}\",\"event\":\"subscribe\",\"arg\":{{}},\"connId\":\"x\"}}",
    };

    /// <summary>The answer that refuses a request.</summary>
    public string Refuses(string request, long code, string words) => _venue.Name switch
    {
        "binance" => $"{{\"error\":{{\"code\":{code},\"msg\":\"{words}\"}},\"id\":{IdOf(request)}}}",
        "bybit" => $"{{\"success\":false,\"ret_msg\":\"{words}\",\"conn_id\":\"x\",\"req_id\":\"{IdOf(request)}\",\"op\":\"subscribe\"}}",
        _ => $"{{\"id\":\"{IdOf(request)}\",\"event\":\"error\",\"msg\":\"{words}\",\"code\":\"{code}\",\"connId\":\"x\"}}",
    };

    public void Dispose()
    {
        Rig.StorageLoop.Dispose();
        _ends.ForEach(end => end.Dispose());
        _folder.Dispose();
    }

    private void Send(string frame)
    {
        Assert.True(Rig.Context.Queue.TryEnqueueNote(RecordKind.Sent, Connection, Rig.Context.Clock.Current.Now, Encoding.UTF8.GetBytes(frame)));
        if (Answer(frame) is { } answer) Deliver(answer);
    }

    private string Data(int place)
    {
        var stream = Plan.Streams[place];
        return _venue.Name switch
        {
            "binance" => $"{{\"stream\":\"{stream.WireName}\",\"data\":{{}}}}",
            "bybit" => $"{{\"topic\":\"{stream.WireName}\",\"type\":\"snapshot\",\"ts\":1,\"data\":{{}}}}",
            _ => $"{{\"arg\":{{\"channel\":\"{stream.Key.Channel}\",\"instId\":\"{stream.Key.Symbol}\"}},\"data\":[]}}",
        };
    }

    private static string IdOf(string request)
    {
        var digits = request[(request.IndexOf("id\":", StringComparison.Ordinal) + 4)..].TrimStart('"');
        return string.Concat(digits.TakeWhile(char.IsAsciiDigit));
    }
}
