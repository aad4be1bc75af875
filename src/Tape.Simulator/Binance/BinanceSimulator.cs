using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Binance;

/// <summary>
/// Binance's WebSocket and REST protocol on loopback, with a journal of all that was sent. Starts listening in <see cref="StartAsync"/>; disposing closes every
/// connection with 1001, within seconds. Members are thread-safe.
/// </summary>
public sealed class BinanceSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BinanceHub _hub;
    private readonly KestrelServer _server;
    private readonly TimeProvider _time;
    private readonly ReplaySource? _replay;
    private Task _pump = Task.CompletedTask;
    private int _disposed;

    private BinanceSimulator(BinanceSimulatorOptions options, SimulatorJournal journal, TimeProvider time)
    {
        (_time, Journal) = (time, journal);
        var market = options.Captured is null && options.Replay is null ? new SyntheticMarket(options.Symbols, options.FramesPerSecond ?? 100, new Random(options.Seed), UnixNanos.From(time.GetUtcNow()), options.ClockSkew) : null;
        _replay = options.Replay is { } replay ? new ReplaySource(replay.TapeFolder, replay.Speed, replay.FromSeq) : null;
        IFrameSource source = market is not null ? market : _replay is not null ? _replay : new CapturedSource(options.Captured!, options.FramesPerSecond, options.LoopCaptured);
        _hub = new BinanceHub(options, source, journal, time);
        Application = new BinanceApplication(_hub, new BinanceRest(_hub, market, options.Replay is { } tape ? new TapeInstruments(tape.TapeFolder) : null, time), time, Fail, _stop.Token);
        _server = CreateServer(options.Port);
    }

    /// <summary>Where WebSocket clients connect: <c>ws://127.0.0.1:port</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where REST clients connect: <c>http://127.0.0.1:port</c>.</summary>
    public Uri RestEndpoint { get; private set; } = null!;

    /// <summary>What was sent. It may be read while the simulator runs and after it is disposed; the simulator does not dispose it.</summary>
    public SimulatorJournal Journal { get; }

    /// <summary>Ends in order when the simulator is disposed, and with a <see cref="TapeException"/> when it can't go on (its journal can't be written).</summary>
    public Task Completion => _completion.Task;

    /// <summary>What it is doing.</summary>
    public SimulatorStatus Status
    {
        get
        {
            var totals = Journal.Totals;
            return new(_hub.ConnectionCount, _hub.FramesDelivered, totals.Messages, totals.MessageBytes, totals.Skipped, _hub.FramesLate);
        }
    }

    private BinanceApplication Application { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="options">What to serve; read once.</param>
    /// <param name="time">The clock of frames, faults and the journal.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="journal">Where to write what was sent; without one all of it is kept in memory.</param>
    /// <exception cref="TapeException">The port is taken.</exception>
    public static async Task<BinanceSimulator> StartAsync(BinanceSimulatorOptions options, TimeProvider time, CancellationToken cancel, SimulatorJournal? journal = null)
    {
        var simulator = new BinanceSimulator(options, journal ?? SimulatorJournal.InMemory(), time);
        try
        {
            await simulator._server.StartAsync(simulator.Application, cancel);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            simulator._server.Dispose();
            simulator._replay?.Dispose();
            throw new TapeException($"simulator: port {options.Port} can't be listened on: {fault.Message}", "Give another --port, or 0 for a free one.", fault);
        }
        simulator.RestEndpoint = new Uri(simulator._server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        simulator.Endpoint = new UriBuilder(simulator.RestEndpoint) { Scheme = "ws" }.Uri;
        simulator._pump = simulator.PumpAsync(options.SendEvery);
        return simulator;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        await _pump;
        using var grace = new CancellationTokenSource(_hub.Options.CloseWithin * 2, _time);
        await _server.StopAsync(grace.Token);
        _server.Dispose();
        _replay?.Dispose();
        _completion.TrySetResult();
        _stop.Dispose();
    }

    private static KestrelServer CreateServer(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxResponseBufferSize = 0; // a write returns when the socket took it, so send times are true and slow readers are felt
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        return new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    private void Fail(TapeException fatal)
    {
        _completion.TrySetException(fatal);
        _stop.Cancel();
    }

    private async Task PumpAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) _hub.Tick();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping is how it ends.
        }
        catch (Exception fault)
        {
            _completion.TrySetException(fault);
            throw;
        }
    }
}
