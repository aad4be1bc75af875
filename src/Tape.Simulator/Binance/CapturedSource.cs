using Tape.Core.Values;

namespace Tape.Simulator.Binance;

/// <summary>
/// Serves captured frames, byte for byte. A subscription to any stream of a channel is enough to get all of that channel's frames, whatever their symbol. Each
/// route has its own place in the frames; it stands still while nobody on the route listens, so nothing is served to nobody. Channels that nobody asked for are passed over.
/// When the machine is more than 2 s behind, the rest of the frames comes later; none is left out.
/// </summary>
internal sealed class CapturedSource : IFrameSource
{
    private readonly Dictionary<string, BinanceStream> _kinds = [];
    private readonly Lane[] _lanes;

    /// <param name="captured">The frames.</param>
    /// <param name="framesPerSecond">Over all routes together, or null for the captured pace.</param>
    /// <param name="loop">Whether to begin again at the end.</param>
    public CapturedSource(CapturedFrames captured, double? framesPerSecond, bool loop) =>
        _lanes = [.. captured.Frames.GroupBy(frame => CapturedKinds.RouteOf(frame.Kind)).Select(route => new Lane(route.Key, [.. route], framesPerSecond * route.Count() / captured.Count, loop))];

    public long FramesLate => 0;

    public BinanceStream? Find(string name)
    {
        if (CapturedKinds.OfStream(name) is not { } kind || kind.Length == 0 || name != LowerSymbol(name)) return null;
        if (_kinds.TryGetValue(kind, out var known)) return known;
        var route = CapturedKinds.RouteOf(kind);
        if (!_lanes.Any(lane => lane.Has(kind))) return null;
        return _kinds[kind] = new BinanceStream(kind, route, StreamKind.Captured, -1, default);
    }

    public void SetActive(BinanceStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        foreach (var lane in _lanes) if (lane.Route == stream.Route) lane.Change(active ? 1 : -1, now);
    }

    public void Advance(UnixNanos now, IFrameSink sink)
    {
        foreach (var lane in _lanes) lane.Advance(now, _kinds, sink);
    }

    private static string LowerSymbol(string name) => name.IndexOf('@') is > 0 and var at && !name.StartsWith('!') ? name[..at].ToLowerInvariant() + name[at..] : name;

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

        public void Advance(UnixNanos now, Dictionary<string, BinanceStream> kinds, IFrameSink sink)
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
