using Tape.Collect.Connections;
using Tape.Collect.Logging;
using Tape.Collect.Queue;
using Tape.TestKit.Logging;
using Tape.TestKit.Net;
using Tape.TestKit.Time;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>One venue connection on scripted sockets and a clock that moves when told; its records stay in the queue until the test takes them.</summary>
internal sealed class ConnectionRig : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<StoredRecord> _records = [];
    private Task _running = Task.CompletedTask;

    public ConnectionRig(Func<ConnectionPlan, ConnectionPlan>? change = null, long queueBytes = 1 << 20, int seed = 1)
    {
        var plan = new BinanceVenue().Plan(new SubscriptionRequest(["BTCUSDT"], ["aggTrade"]))[0];
        Plan = change?.Invoke(plan) ?? plan;
        Dialer = new ScriptedDialer(Time);
        Context = new RecorderContext(new RecorderOptions { Vault = "/none", Venues = [], QueueBytes = queueBytes }, Time, new Random(seed), Dialer,
            new RecorderLog(Log, Time));
        Context.NumberConnectionsFrom(1);
    }

    public FakeTime Time { get; } = new();

    public ScriptedDialer Dialer { get; }

    public LogLines Log { get; } = new();

    public RecorderContext Context { get; }

    public ConnectionPlan Plan { get; }

    public ScriptedSocket Socket => Dialer.Sockets[^1];

    public ConnectionRig Start()
    {
        _running = new VenueConnection(Plan, new BinanceVenue(), Context).RunAsync(_stop.Token);
        return this;
    }

    /// <summary>Takes what is in the queue; all records so far.</summary>
    public IReadOnlyList<StoredRecord> Records()
    {
        var chunks = new List<QueueChunk>();
        var bytes = Context.Queue.Take(chunks);
        foreach (var chunk in chunks)
        {
            var reader = chunk.Read();
            while (reader.TryRead(out var record)) _records.Add(StoredRecord.Of(record));
        }

        Context.Queue.Release(chunks, bytes);
        return _records;
    }

    /// <summary>Moves the clock until something holds.</summary>
    public Task UntilAsync(Func<bool> holds, string what, TimeSpan? step = null) => Time.AdvanceUntilAsync(holds, what, step);

    public Task UntilSocketsAsync(int count) => UntilAsync(() => Dialer.Sockets.Count >= count, $"socket {count} is dialed");

    /// <summary>Ends it in order, with the clock moving.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await UntilAsync(() => _running.IsCompleted, "the connection ends");
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
