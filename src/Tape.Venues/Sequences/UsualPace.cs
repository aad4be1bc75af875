using System.Runtime.CompilerServices;

namespace Tape.Venues.Sequences;

/// <summary>
/// How long a stream may say nothing before it is silent, by its own usual pace. Recorder and gap ledger both judge by it, so that coverage never says more
/// than the state. Pure: the same times give the same limit. Allocates nothing. Not thread-safe.
/// </summary>
/// <remarks>
/// The usual pause is the one that a moment of about the last hour lies in on average (squares of the pauses over their sum), so bursts don't make a calm
/// stream look busy. The stream is silent after <see cref="Factor"/> times that. It begins with the limit of its channel. A busy stream tightens it to
/// <see cref="Least"/>, a calm one loosens it to <see cref="LoosensTo"/> times the channel's. A single pause counts as twice the limit at most: one real
/// silence must not make the watch blind for the next.
/// </remarks>
public sealed class UsualPace
{
    /// <summary>How often the usual pause is silence.</summary>
    public const int Factor = 10;

    /// <summary>How far a calm stream loosens the limit of its channel.</summary>
    public const int LoosensTo = 6;

    /// <summary>The shortest limit, unless that of the channel is shorter.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(60);

    /// <summary>Pauses shorter than this are not looked at one by one.</summary>
    private const long Sample = UnixNanos.PerSecond;

    private const double Memory = 3600.0 * UnixNanos.PerSecond;

    private readonly bool _isFixed;
    private readonly long _atFirst;
    private readonly long _atLeast;
    private long _at = Absent.Integer;
    private double _squares;
    private double _length = Memory;

    /// <param name="channel">Silence that is suspicious in the channel.</param>
    /// <param name="isFixed">The venue sends at a fixed pace whatever happens: the limit is always the channel's.</param>
    public UsualPace(TimeSpan channel, bool isFixed)
    {
        _isFixed = isFixed;
        SilentAfter = _atFirst = channel.Ticks * 100;
        _atLeast = Math.Min(_atFirst, Least.Ticks * 100);
        _squares = Memory * _atFirst / Factor;
    }

    /// <summary>The pace of a stream; null where silence means nothing.</summary>
    public static UsualPace? Of(SequenceRule rule) => rule.SilentAfter is { } channel ? new(channel, rule.Cadence is not null) : null;

    /// <summary>Nanoseconds without a frame after which the stream is silent.</summary>
    public long SilentAfter { get; private set; }

    /// <summary>What was learnt, to go on from later; null when nothing was.</summary>
    public Learnt? State => _at == Absent.Integer ? null : new(_at, _squares, _length);

    /// <summary>A frame came.</summary>
    /// <param name="at">On a clock that never steps, ns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Received(long at)
    {
        if (_at == Absent.Integer || at - _at >= Sample) Take(at);
    }

    /// <summary>Nothing could be received: the time until the next frame is no pause.</summary>
    public void Interrupt() => _at = Absent.Integer;

    /// <summary>Goes on from what was learnt.</summary>
    public void Restore(Learnt learnt)
    {
        (_at, _squares, _length) = (learnt.At, learnt.Squares, learnt.Length);
        Judge();
    }

    private void Take(long at)
    {
        var before = _at;
        _at = at;
        if (_isFixed || before == Absent.Integer) return;
        double pause = Math.Min(at - before, 2 * SilentAfter);
        var kept = Memory / (Memory + pause);
        _squares = _squares * kept + pause * pause;
        _length = _length * kept + pause;
        Judge();
    }

    private void Judge()
    {
        if (!_isFixed) SilentAfter = (long)Math.Clamp(Factor * _squares / _length, _atLeast, LoosensTo * _atFirst);
    }

    /// <summary>What a stream's pauses were.</summary>
    /// <param name="At">When the last one ended.</param>
    /// <param name="Squares">Sum of their squares, ns², fading over an hour.</param>
    /// <param name="Length">Their sum, ns, fading alike.</param>
    public sealed record Learnt(long At, double Squares, double Length);
}
