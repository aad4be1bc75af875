using Tape.Venues.Contract;

namespace Tape.Bench.Gaps;

/// <summary>A planned connection of the bench.</summary>
internal sealed class RehearsedConnection(ConnectionPlan plan, IReadOnlyList<RehearsedStream> streams)
{
    public ConnectionPlan Plan { get; } = plan;

    public IReadOnlyList<RehearsedStream> Streams { get; } = streams;

    /// <summary>The open connection; 0 for none.</summary>
    public long Number { get; set; }

    /// <summary>The one that stands beside it and will take over; 0 for none.</summary>
    public long Successor { get; set; }

    /// <summary>What the venue sends is lost on the way.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>What the venue sends waits on the way; null when it comes at once.</summary>
    public List<byte[]>? Held { get; set; }

    /// <summary>A symbol that is not asked for now; null for none.</summary>
    public string? LeftOut { get; set; }

    /// <summary>The streams that are asked for.</summary>
    public IEnumerable<RehearsedStream> Active => Streams.Where(Carries);

    public bool Carries(RehearsedStream stream) => LeftOut is null || stream.Key.Symbol != LeftOut;
}
