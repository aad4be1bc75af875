using Tape.Simulator.Serving;

namespace Tape.Simulator.Replay;

/// <summary>
/// Serves captured frames, byte for byte. A subscription to any stream of a channel is enough to get all of that channel's frames, whatever their symbol. Each
/// route has its own place in the frames; it stands still while the route has no listener, so no frame is lost. Channels that were not asked for are
/// passed over. When the machine is more than 2 s behind, the rest of the frames comes later; none is left out.
/// </summary>
internal sealed class CapturedSource : IFrameSource
{
    private readonly Dictionary<string, SimulatedStream> _kinds = [];
    private readonly ChannelMap _channels;
    private readonly Lane[] _lanes;

    /// <param name="captured">The frames.</param>
    /// <param name="channels">The venue's.</param>
    /// <param name="framesPerSecond">Over all routes together, or null for the captured pace.</param>
    /// <param name="loop">Whether to begin again at the end.</param>
    public CapturedSource(CapturedFrames captured, ChannelMap channels, double? framesPerSecond, bool loop)
    {
        _channels = channels;
        _lanes = [.. captured.Frames.GroupBy(frame => channels.RouteOf(frame.Kind))
            .Select(route => new Lane(route.Key, [.. route], framesPerSecond * route.Count() / captured.Count, loop))];
    }

    public long FramesLate => 0;

    public SimulatedStream? Find(string name)
    {
        if (_channels.OfStream(name) is not { Length: > 0 } kind) return null;
        if (_kinds.TryGetValue(kind, out var known)) return known;
        var route = _channels.RouteOf(kind);
        if (!_lanes.Any(lane => lane.Has(kind))) return null;
        return _kinds[kind] = new SimulatedStream(kind, route, StreamKind.Captured, -1, default);
    }

    public void SetActive(SimulatedStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        foreach (var lane in _lanes) if (lane.Route == stream.Route) lane.Change(active ? 1 : -1, now);
    }

    public void Advance(UnixNanos now, IFrameSink sink)
    {
        foreach (var lane in _lanes) lane.Advance(now, _kinds, sink);
    }

    /// <summary>The frames of one route and the place in them.</summary>
    private sealed class Lane(string route, CapturedFrame[] frames, double? rate, bool loop)
    {
        private const double LateMaxNanos = 2.0 * UnixNanos.PerSecond;
        private int _next, _listeners;
        private double _due;

        public string Route => route;

        public bool Has(string kind) => Array.Exists(frames, frame => frame.Kind == kind);

        public void Change(int listeners, UnixNanos now)
        {
            if (_listeners == 0) _due = now.Value;
            _listeners += listeners;
        }

        public void Advance(UnixNanos now, Dictionary<string, SimulatedStream> kinds, IFrameSink sink)
        {
            var passedOver = 0;
            _due = Math.Max(_due, now.Value - LateMaxNanos);
            while (_listeners > 0 && _due <= now.Value && passedOver <= frames.Length && (_next < frames.Length || loop))
            {
                _next %= frames.Length;
                var frame = frames[_next];
                var isAsked = kinds.TryGetValue(frame.Kind, out var stream) && stream.IsActive;
                if (isAsked) sink.Deliver(stream!, frame.Bytes, isWhole: true);
                passedOver = isAsked ? 0 : passedOver + 1;
                _due += isAsked || rate is null ? Distance() : 0;
                _next++;
            }
        }

        private double Distance() => rate is { } perSecond ? UnixNanos.PerSecond / perSecond
            : _next + 1 < frames.Length ? frames[_next + 1].OffsetNanos - frames[_next].OffsetNanos
            : UnixNanos.PerSecond;
    }
}
