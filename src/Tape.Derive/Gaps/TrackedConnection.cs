using System.Runtime.CompilerServices;
using Tape.Storage.Tapes;

namespace Tape.Derive.Gaps;

/// <summary>An open connection, and whether it delivers at its normal pace.</summary>
/// <remarks>
/// The pace is the mean time between two data frames of all its streams together, over about the last 64. It is silent when nothing came for
/// <see cref="QuietFactor"/> times that, and at least <see cref="QuietMin"/>, counted in ticks: time without ticks (sleep, a storage that stood) is not
/// silence, because nothing could have been seen.
/// </remarks>
internal sealed class TrackedConnection(OpenedConnection opened)
{
    /// <summary>How often the mean interval is silence.</summary>
    public const long QuietFactor = 20;

    /// <summary>Shorter is never silence.</summary>
    public const long QuietMin = 10 * UnixNanos.PerSecond;

    private const int PaceOver = 64;
    private const long PaceAtFirst = 1_500_000_000;
    private const long IntervalMax = 3600 * UnixNanos.PerSecond;

    private readonly Dictionary<string, StreamCarrier> _byWire = [];

    public OpenedConnection Opened { get; } = opened;

    public long Number => Opened.Connection;

    /// <summary>Its streams, in the order of its note.</summary>
    public List<StreamCarrier> Carriers { get; } = [];

    /// <summary>Receive time of the last data frame; of its note before the first.</summary>
    public long LastAt { get; set; } = opened.At;

    public long LastSeq { get; set; } = opened.Seq;

    /// <summary>The same moment on the clock of ticks.</summary>
    public long LastSteady { get; set; } = opened.Steady;

    /// <summary>The last frame of it that could not be decoded and did not name its stream; absent for none.</summary>
    public long DamageSeq { get; set; } = Absent.Integer;

    /// <summary>The last note that declares drops of which the stream can't be told; absent for none.</summary>
    public long DropSeq { get; set; } = Absent.Integer;

    /// <summary>Mean time between frames, ns.</summary>
    public long Pace { get; set; } = PaceAtFirst;

    public bool IsSilent { get; set; }

    /// <summary>A stream was acknowledged since the last data frame.</summary>
    public bool HasNewAcks { get; set; }

    public long SilentAfter => Math.Max(QuietMin, QuietFactor * Pace);

    public void Add(StreamCarrier carrier, string wire)
    {
        Carriers.Add(carrier);
        _byWire[wire] = carrier;
    }

    public StreamCarrier? Find(string wire) => _byWire.GetValueOrDefault(wire);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Received(in TapeRecord record, long steady)
    {
        var interval = Math.Clamp(record.Time.Value - LastAt, 0, IntervalMax);
        Pace += (interval - Pace) / PaceOver;
        (LastAt, LastSeq, LastSteady) = (record.Time.Value, record.Seq, steady);
    }
}

/// <summary>How a connection began. Kept as JSON in the tracker's state.</summary>
/// <param name="Connection">Its number.</param>
/// <param name="Venue">Whose frames it carries.</param>
/// <param name="Wires">Names of its streams in frames.</param>
/// <param name="Streams">Numbers of these streams, in the same order.</param>
/// <param name="At">When, ns.</param>
/// <param name="Seq">The record that says so.</param>
/// <param name="Steady">When, on the clock of ticks.</param>
internal sealed record OpenedConnection(long Connection, string Venue, string[] Wires, int[] Streams, long At, long Seq, long Steady);
