using Tape.Simulator.Serving;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Simulator.Replay;

/// <summary>
/// Serves the frames of a recorded tape again, byte for byte and in the order received, to those who subscribe to their streams. It begins some time after the
/// last subscription that came before the first frame, and stands still without listeners. Frames that were not asked for are passed over. A slow reader makes
/// it late; nothing is left out. Silences of more than 10 s are shortened to that.
/// </summary>
internal sealed class ReplaySource(ReplayOptions options, ChannelMap channels) : IFrameSource, IDisposable
{
    private const int StreamsMax = 20_000;
    private const int FramesPerRoundMax = 50_000;
    private const int WaitingBytesMax = 1 << 20;
    private const long SilenceMaxNanos = 10 * UnixNanos.PerSecond;

    private readonly TapeReader _reader = TapeReader.Open(DiskFiles.Instance, options.TapeFolder, options.FromSeq);
    private readonly Dictionary<string, SimulatedStream> _streams = [];
    private readonly HashSet<long> _otherVenues = [];
    private byte[] _payload = new byte[4096];
    private int _length;
    private string? _stream;
    private long _time;
    private long? _anchorTape;
    private long _anchorNow;
    private int _active;
    private bool _isBegun;

    public long FramesLate => 0;

    public SimulatedStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out var known)) return known;
        if (_streams.Count >= StreamsMax || channels.OfStream(name) is not { Length: > 0 } kind) return null;
        return _streams[name] = new SimulatedStream(name, channels.RouteOf(kind), StreamKind.Captured, -1, default);
    }

    public void SetActive(SimulatedStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        _active += active ? 1 : -1;
        if (!active) return;
        var begins = !_isBegun && _active >= options.AfterStreams;
        _isBegun |= begins;
        if (begins || _active == 1 || now.Value < _anchorNow) (_anchorNow, _anchorTape) = (now.Add(channels.Grace).Value, null);
    }

    public void Advance(UnixNanos now, IFrameSink sink)
    {
        if (!_isBegun || _active == 0 || now.Value < _anchorNow) return;
        for (var frames = 0; frames < FramesPerRoundMax && (_length > 0 || TryNext()) && IsDue(now.Value); frames++)
        {
            var stream = Asked();
            if (stream is not null && stream.Subscribers.Exists(subscriber => subscriber.Sender.WaitingBytes > WaitingBytesMax)) return;
            if (stream is not null) Deliver(stream, sink);
            _length = 0;
        }
    }

    public void Dispose() => _reader.Dispose();

    private bool IsDue(long now)
    {
        _anchorTape ??= _time;
        return options.Speed is not { } times || _anchorNow + (_time - _anchorTape.Value) / times <= now;
    }

    /// <summary>Reads on to the next data frame and keeps it until it is served.</summary>
    private bool TryNext()
    {
        while (_reader.TryRead(out var record))
        {
            if (record.Kind == RecordKind.Note && Note.Parse(record.Payload) is ConnectedNote note && note.Venue != channels.Venue)
                _otherVenues.Add(record.Connection);
            if (record.Kind != RecordKind.Frame || _otherVenues.Contains(record.Connection) || channels.StreamOf(record.Payload) is not { } name) continue;
            if (_payload.Length < record.Payload.Length) _payload = new byte[record.Payload.Length * 2];
            record.Payload.CopyTo(_payload);
            if (_anchorTape is { } anchor && record.Time.Value - _time > SilenceMaxNanos) _anchorTape = anchor + (record.Time.Value - _time - SilenceMaxNanos);
            (_length, _time, _stream) = (record.Payload.Length, record.Time.Value, name);
            return true;
        }

        return false;
    }

    private SimulatedStream? Asked() => _streams.TryGetValue(_stream!, out var stream) && stream.IsActive ? stream : null;

    /// <summary>A frame in the plain wrapping goes out wrapped or not as the client asked; any other one as it is.</summary>
    private void Deliver(SimulatedStream stream, IFrameSink sink)
    {
        var frame = _payload.AsSpan(0, _length);
        if (frame.StartsWith(stream.Wrap) && frame[^1] == '}') sink.Deliver(stream, frame[stream.Wrap.Length..^1], isWhole: false);
        else sink.Deliver(stream, frame, isWhole: true);
    }
}
