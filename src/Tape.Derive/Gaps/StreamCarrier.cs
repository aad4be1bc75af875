namespace Tape.Derive.Gaps;

/// <summary>A stream on one open connection.</summary>
internal sealed class StreamCarrier(TrackedStream stream, TrackedConnection connection)
{
    public TrackedStream Stream { get; } = stream;

    public TrackedConnection Connection { get; } = connection;

    /// <summary>When the venue acknowledged it, on the clock of ticks; absent before.</summary>
    public long AckedAt { get; set; } = Absent.Integer;

    /// <summary>Time of the first frame of the connection behind the acknowledgement: if the stream proves to be received, then since that time.</summary>
    public long CoveredFrom { get; set; } = Absent.Integer;

    /// <summary>A frame of it came.</summary>
    public bool HasDelivered { get; set; }

    /// <summary>It is known to be received here, as long as the connection delivers.</summary>
    public bool IsProven { get; set; }

    /// <summary>It has said nothing for longer than its own pace allows, whatever its siblings deliver.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>The last id that came over this connection; absent before the first.</summary>
    public long LastId { get; set; } = Absent.Integer;

    /// <summary>Receive time of its last frame here.</summary>
    public long LastAt { get; set; } = Absent.Integer;

    /// <summary>The record of its last frame here.</summary>
    public long LastSeq { get; set; } = Absent.Integer;

    /// <summary>The same moment on the clock of ticks.</summary>
    public long LastSteady { get; set; }

    /// <summary>Frames of it were dropped since its last one.</summary>
    public bool HasDrops { get; set; }

    /// <summary>A frame of it could not be decoded since its last one.</summary>
    public bool HasDamage { get; set; }

    public bool IsLive => IsProven && !IsQuiet && !Connection.IsSilent;
}
