using Tape.Simulator.Faults;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;

namespace Tape.Simulator.Serving;

/// <summary>What a simulator serves and how, whatever the venue. A venue's own record sets symbols and limits to what the venue is known for.</summary>
public abstract record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Symbols of the synthetic market.</summary>
    public IReadOnlyList<SymbolSpec> Symbols { get; init; } = [];

    /// <summary>Frames a second over all subscribed streams together (with captured frames: null paces them by their receive times).</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Seed of the synthetic market and of faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Captured frames to serve instead of the synthetic market.</summary>
    public CapturedFrames? Captured { get; init; }

    /// <summary>Whether captured frames begin again at their end.</summary>
    public bool LoopCaptured { get; init; } = true;

    /// <summary>A recorded tape to serve instead of the synthetic market.</summary>
    public ReplayOptions? Replay { get; init; }

    /// <summary>What goes wrong.</summary>
    public FaultScript Faults { get; init; } = FaultScript.None;

    /// <summary>Connections are closed at this age.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.MaxValue;

    /// <summary>
    /// How far the venue's clock is ahead of ours (below zero: behind): the times in frames and REST answers of the synthetic market. Captured and replayed
    /// frames keep theirs.
    /// </summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>How long answers to requests wait; data flows meanwhile.</summary>
    public TimeSpan AnswerDelay { get; init; }

    /// <summary>Bytes of one inbound message; longer ones close with 1009.</summary>
    public int InboundMessageBytesMax { get; init; } = 256 * 1024;

    /// <summary>
    /// Connections within <see cref="ConnectsWithin"/>, from all addresses together; further ones are refused with the seconds until the next may come.
    /// </summary>
    public int ConnectsMax { get; init; }

    /// <summary>The window of <see cref="ConnectsMax"/>.</summary>
    public TimeSpan ConnectsWithin { get; init; }

    /// <summary>The HTTP status that refuses a connection too many.</summary>
    public int ConnectsRefusedStatus { get; init; } = 429;

    /// <summary>Connections at the same time; further ones are answered 503.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>Bytes that may wait for a slow reader; at the limit the connection is closed with 1008.</summary>
    public int SendBufferBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a close handshake may take.</summary>
    public TimeSpan CloseWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often frames are made and sent: what is due goes out together.</summary>
    public TimeSpan SendEvery { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Whether a market is made up.</summary>
    internal bool IsSynthetic => Captured is null && Replay is null;
}
