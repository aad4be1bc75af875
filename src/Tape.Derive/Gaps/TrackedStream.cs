using Tape.Venues.Sequences;

namespace Tape.Derive.Gaps;

/// <summary>A stream over all its connections.</summary>
internal sealed class TrackedStream(int number, StreamKey key, SequenceRule rule)
{
    public int Number { get; } = number;

    public StreamKey Key { get; } = key;

    public SequenceRule Rule { get; } = rule;

    /// <summary>Whether it is followed; else its frames are signs of life of their connection only.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>What it usually does in this run of the recorder; null where silence means nothing.</summary>
    public UsualPace? Pace { get; set; } = UsualPace.Of(rule);

    /// <summary>The open connections that are to carry it, the oldest first.</summary>
    public List<StreamCarrier> Carriers { get; } = [];

    /// <summary>When it was first known to be received; absent before.</summary>
    public long BegunAt { get; set; } = Absent.Integer;

    /// <summary>The highest id of all connections; absent before the first.</summary>
    public long HighId { get; set; } = Absent.Integer;

    public long HighAt { get; set; } = Absent.Integer;

    public long HighSeq { get; set; } = Absent.Integer;

    public long HighConnection { get; set; }

    /// <summary>When the event with that id happened, on the venue's clock; absent where events of this stream don't say.</summary>
    public long HighEventAt { get; set; } = Absent.Integer;

    /// <summary>It is not known to be received now, or never was.</summary>
    public OpenGap? Open { get; set; }

    /// <summary>The venue's words when it last refused it; null when it never did.</summary>
    public string? Refusal { get; set; }

    /// <summary>Ids left out, the oldest first.</summary>
    public List<IdGap> Gaps { get; } = [];

    /// <summary>Frames that came twice over one connection.</summary>
    public long Duplicates { get; set; }

    /// <summary>Frames that came behind later ones of the same connection.</summary>
    public long Reorders { get; set; }

    /// <summary>Frames that another connection had delivered already, or delivers beside.</summary>
    public long Overlaps { get; set; }

    /// <summary>How often the venue began to number anew.</summary>
    public long Resets { get; set; }

    public bool IsLive
    {
        get
        {
            foreach (var carrier in Carriers)
                if (carrier.IsLive) return true;
            return false;
        }
    }
}
