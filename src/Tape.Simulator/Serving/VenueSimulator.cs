using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;

namespace Tape.Simulator.Serving;

/// <summary>
/// A venue's WebSocket and REST protocol on loopback, with a journal of all that was sent. It listens once a venue's own <c>StartAsync</c> has returned;
/// disposing closes every connection with 1001, within seconds. Members are thread-safe.
/// </summary>
public abstract class VenueSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SimulatorHub _hub;
    private readonly KestrelServer _server;
    private readonly TimeProvider _time;
    private readonly ReplaySource? _replay;
    private Task _storage = Task.CompletedTask;
    private int _disposed;

    private protected VenueSimulator(SimulatorOptions options, ChannelMap channels, SyntheticMarket? market, SimulatorJournal journal, TimeProvider time)
    {
        (_time, Journal) = (time, journal);
        _replay = options.Replay is { } replay ? new ReplaySource(replay, channels) : null;
        IFrameSource source = market is not null
            ? market : _replay is not null ? _replay : new CapturedSource(options.Captured!, channels, options.FramesPerSecond, options.LoopCaptured);
        _hub = new SimulatorHub(options, source, journal, time);
        _server = CreateServer(options.Port);
    }

    /// <summary>Where WebSocket clients connect: <c>ws://127.0.0.1:port</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where REST clients connect: <c>http://127.0.0.1:port</c>.</summary>
    public Uri RestEndpoint { get; private set; } = null!;

    /// <summary>What was sent. It may be read while the simulator runs and after it is disposed; the simulator does not dispose it.</summary>
    public SimulatorJournal Journal { get; }

    /// <summary>
    /// Ends in order when the simulator is disposed, and with a <see cref="TapeException"/> when it can't go on (its journal can't be written).
    /// </summary>
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

    /// <summary>The venue's REST side.</summary>
    internal abstract RestServer Rest { get; }

    private protected SimulatorHub Hub => _hub;

    /// <summary>The route that a handshake asks for, or null when its path is no WebSocket path of the venue.</summary>
    internal abstract string? RouteOf(HttpRequest request);

    /// <summary>A connection for a handshake that was accepted.</summary>
    internal abstract SimulatedConnection Connect(SimulatorHub hub, HttpRequest request, Stream stream, int clientPort);

    /// <summary>Starts serving.</summary>
    /// <exception cref="TapeException">The port is taken.</exception>
    private protected static async Task<T> StartAsync<T>(T simulator, CancellationToken cancel)
        where T : VenueSimulator
    {
        await simulator.ListenAsync(cancel);
        return simulator;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        await _storage;
        using var grace = new CancellationTokenSource(_hub.Options.CloseWithin * 2, _time);
        await _server.StopAsync(grace.Token);
        _server.Dispose();
        _replay?.Dispose();
        _completion.TrySetResult();
        _stop.Dispose();
        GC.SuppressFinalize(this);
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

    private async Task ListenAsync(CancellationToken cancel)
    {
        var port = _hub.Options.Port;
        try
        {
            await _server.StartAsync(new SimulatorApplication(_hub, this, _time, Fail, _stop.Token), cancel);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            _server.Dispose();
            _replay?.Dispose();
            throw new TapeException($"simulator: port {port} can't be listened on: {fault.Message}", "Give another --port, or 0 for a free one.", fault);
        }
        RestEndpoint = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Endpoint = new UriBuilder(RestEndpoint) { Scheme = "ws" }.Uri;
        _storage = StoreAsync(_hub.Options.SendEvery);
    }

    private void Fail(TapeException fatal)
    {
        _completion.TrySetException(fatal);
        _stop.Cancel();
    }

    private async Task StoreAsync(TimeSpan every)
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
