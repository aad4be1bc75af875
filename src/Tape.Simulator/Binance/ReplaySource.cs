using System.Text;
using Tape.Core.Values;
using Tape.Storage.Files;
using Tape.Storage.Logs;
using Tape.Venues;
using Tape.Venues.Binance;

namespace Tape.Simulator.Binance;

/// <summary>
/// Serves the frames of a recorded tape again, byte for byte and in the order received, to those who subscribe to their streams. It begins a second after the last subscription that came before the
/// first frame, and stands still while nobody listens. Frames that nobody asked for are passed over. A slow reader makes it late; nothing is left out. Silences of more than 10 s are shortened to that.
/// </summary>
internal sealed class ReplaySource(string tapeFolder, double? speed, long fromSeq) : IFrameSource, IDisposable
{
    private const int StreamsMax = 20_000;
    private const int FramesPerRoundMax = 50_000;
    private const int WaitingBytesMax = 1 << 20;
    private const long GraceNanos = UnixNanos.PerSecond;
    private const long SilenceMaxNanos = 10 * UnixNanos.PerSecond;

    private readonly TapeReader _reader = TapeReader.Open(DiskFiles.Instance, tapeFolder, fromSeq);
    private readonly FrameDecoder _decoder = new BinanceVenue().CreateDecoder();
    private readonly Dictionary<string, BinanceStream> _streams = [];
    private readonly HashSet<long> _otherVenues = [];
    private byte[] _payload = new byte[4096];
    private int _length;
    private long _time;
    private long? _anchorTape;
    private long _anchorNow;
    private int _active;

    public long FramesLate => 0;

    public BinanceStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out var known)) return known;
        if (_streams.Count >= StreamsMax || CapturedKinds.OfStream(name) is not { Length: > 0 } kind) return null;
        return _streams[name] = new BinanceStream(name, CapturedKinds.RouteOf(kind), StreamKind.Captured, -1, default);
    }

    public void SetActive(BinanceStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        _active += active ? 1 : -1;
        if (active && (_active == 1 || now.Value < _anchorNow)) (_anchorNow, _anchorTape) = (now.Value + GraceNanos, null);
    }

    public void Advance(UnixNanos now, IFrameSink sink)
    {
        if (_active == 0 || now.Value < _anchorNow) return;
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
        return speed is not { } times || _anchorNow + (_time - _anchorTape.Value) / times <= now;
    }

    /// <summary>Reads on to the next data frame and keeps it until it is served.</summary>
    private bool TryNext()
    {
        while (_reader.TryRead(out var record))
        {
            if (record.Kind == RecordKind.Note && Note.Parse(record.Payload) is ConnectedNote note && note.Venue != "binance") _otherVenues.Add(record.Connection);
            if (record.Kind != RecordKind.Frame || _otherVenues.Contains(record.Connection) || _decoder.StreamName(record.Payload).IsEmpty) continue;
            if (_payload.Length < record.Payload.Length) _payload = new byte[record.Payload.Length * 2];
            record.Payload.CopyTo(_payload);
            if (_anchorTape is { } anchor && record.Time.Value - _time > SilenceMaxNanos) _anchorTape = anchor + (record.Time.Value - _time - SilenceMaxNanos);
            (_length, _time) = (record.Payload.Length, record.Time.Value);
            return true;
        }

        return false;
    }

    private BinanceStream? Asked() => _streams.TryGetValue(Encoding.UTF8.GetString(_decoder.StreamName(_payload.AsSpan(0, _length))), out var stream) && stream.IsActive ? stream : null;

    /// <summary>A frame in the plain wrapping goes out wrapped or not as the client asked; any other one as it is.</summary>
    private void Deliver(BinanceStream stream, IFrameSink sink)
    {
        var frame = _payload.AsSpan(0, _length);
        if (frame.StartsWith(stream.Wrap) && frame[^1] == '}') sink.Deliver(stream, frame[stream.Wrap.Length..^1], isWhole: false);
        else sink.Deliver(stream, frame, isWhole: true);
    }
}
