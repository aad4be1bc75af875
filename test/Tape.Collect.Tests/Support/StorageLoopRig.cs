using System.Buffers.Binary;
using Tape.Collect.Clock;
using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Collect.Storing;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Logging;
using Tape.TestKit.Time;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>A storage pump on scripted files and a clock that moves when told, driven step by step by the test's own thread.</summary>
internal sealed class StorageLoopRig
{
    public static readonly IVenue Venue = new BinanceVenue();

    private readonly List<(IVenue, ConnectionPlan)> _plans;

    /// <param name="venue">Whose connections they are; Binance's when not given.</param>
    /// <param name="channels">What is recorded of BTCUSDT.</param>
    public StorageLoopRig(string folder, IFiles files, FakeTime time, RecorderOptions? options = null, IVenue? venue = null, params string[] channels)
    {
        var of = venue ?? Venue;
        _plans = [.. of.Plan(new SubscriptionRequest(["BTCUSDT"], channels.Length > 0 ? channels : ["aggTrade", "bookTicker"])).Select(plan => (of, plan))];
        (Files, Time) = (files, time);
        Options = (options ?? new RecorderOptions
        {
            Vault = folder,
            Venues = [],
            QueueBytes = 1 << 20,
            Tape = new TapeOptions { ReserveBytes = 16 << 10 }
        }) with
        { Vault = folder };
        var log = new RecorderLog(Log, time);
        Context = new RecorderContext(Options, time, new Random(1), new NoDialer(), log);
        View = new LiveView(_plans, Context.ProveConnection, Context.AnnounceEnd, Context.Ask);
        Board = new StatusBoard(log, time, Options.Heartbeat);
        var writer = Open();
        Context.NumberConnectionsFrom(writer.NextSeq + 1);
        StorageLoop = new StorageLoop(Context, Options, View, files, writer, Open, Board);
    }

    public IFiles Files { get; }

    public FakeTime Time { get; }

    public RecorderOptions Options { get; }

    public LogLines Log { get; } = new();

    public RecorderContext Context { get; }

    public LiveView View { get; }

    public StatusBoard Board { get; }

    public StorageLoop StorageLoop { get; }

    /// <summary>The plan of a route.</summary>
    public ConnectionPlan Plan(string route) => _plans.First(plan => plan.Item2.Route == route).Item2;

    /// <summary>Opens a connection of a route as a socket does.</summary>
    public long Connect(string route, ConnectionClock? clock = null)
    {
        var plan = Plan(route);
        var note = new ConnectedNote(plan.Venue, plan.Route, plan.Shard, plan.Url.ToString(), "127.0.0.1:1",
            [.. plan.Streams.Select(stream => new NotedStream(stream.Key.Channel, stream.Key.Symbol, stream.WireName))]);
        Assert.True(Context.TryOpenConnection(note.ToJson(), clock ?? new ConnectionClock(Context.Clock), out var connection));
        return Connection = connection;
    }

    /// <summary>Ends a connection as a socket does.</summary>
    public void Disconnect(long connection, string cause)
    {
        Assert.True(Context.Queue.TryEnqueueNote(RecordKind.Note, connection, Context.Clock.Current.Now, new DisconnectedNote(cause, "", 0, 0).ToJson()));
        Step();
    }

    /// <summary>The connection opened last.</summary>
    public long Connection { get; private set; }

    /// <summary>A frame that holds a number and filling.</summary>
    public static byte[] Numbered(int number, int bytes)
    {
        var frame = new byte[Math.Max(4, bytes)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, number);
        return frame;
    }

    public bool Enqueue(long connection, ReadOnlySpan<byte> frame) => Context.Queue.TryEnqueueFrame(connection, Context.Clock.Current.Now, frame);

    /// <summary>Moves the clock on and lets the pump make a step.</summary>
    public void Step(TimeSpan? after = null)
    {
        Time.Advance(after ?? TimeSpan.Zero);
        StorageLoop.Step();
    }

    public List<StoredRecord> Stored() => StoredRecord.ReadAll(Files, Options.TapeFolder);

    private TapeWriter Open() => TapeWriter.Open(Files, Options.TapeFolder, Options.Tape, Time, new Random(2),
        new OwnerInfo("test", 1, UnixNanos.From(Time.GetUtcNow())));

    private sealed class NoDialer : ISocketDialer
    {
        public Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel) => throw new InvalidOperationException("this test has no network");
    }
}
