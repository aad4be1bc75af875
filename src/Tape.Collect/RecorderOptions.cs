using Tape.Core.Net;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Collect;

/// <summary>What to record, where, and within which limits.</summary>
public sealed record RecorderOptions
{
    /// <summary>The vault's folder, an absolute path.</summary>
    public required string Vault { get; init; }

    /// <summary>What to record from each venue; at least one.</summary>
    public required IReadOnlyList<VenueRequest> Venues { get; init; }

    /// <summary>How long received frames may wait in memory for the next sync. Default 10 ms; 0 syncs after every batch.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Bytes that the queue between sockets and tape holds at most; beyond it frames are dropped and declared. Default 64 MiB.</summary>
    public long QueueBytes { get; init; } = 64 << 20;

    /// <summary>Time between two heartbeat lines of the log. Default 30 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping may wait for storage that takes no data. Default 5 s.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How the venues are reached.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Sizes of the tape.</summary>
    public TapeOptions Tape { get; init; } = new();

    /// <summary>What the tape and its lock say of the process that records.</summary>
    public int ProcessId { get; init; } = Environment.ProcessId;

    /// <summary>The folder of the tape.</summary>
    public string TapeFolder => Path.Combine(Vault, "tape");
}

/// <summary>A venue and what to record from it.</summary>
public sealed record VenueRequest(IVenue Venue, SubscriptionRequest Request);
