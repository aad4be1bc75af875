using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Derive.Decoding;

/// <summary>
/// Hands the records of a tape, in order, to its observers. It knows which connections are open and has the decoders of their venues, so that a frame is
/// decoded once for all. Pure: reads no clock and no file. Allocates nothing per frame in steady state. Not thread-safe.
/// </summary>
public sealed class RecordDecoder
{
    private readonly Func<string, IVenue?> _venues;
    private readonly Dictionary<long, ConnectionContext> _open = [];
    private readonly Dictionary<string, FrameDecoder> _decoders = [];
    private readonly EventBuffer _events = new();
    private RecordObserver[] _observers = [];

    /// <param name="state">Where the tape before the first record ended.</param>
    /// <param name="venues">Finds a venue by name; null for an unknown one, whose frames are undecodable.</param>
    public RecordDecoder(DerivationState state, Func<string, IVenue?> venues)
    {
        _venues = venues;
        foreach (var open in state.Connections) Open(open, null);
    }

    /// <summary>The state after the last record taken in.</summary>
    public DerivationState State => new([.. _open.Values.Select(context => context.Open).OrderBy(open => open.Connection)]);

    /// <summary>Connections that are open.</summary>
    public int OpenCount => _open.Count;

    /// <summary>From here on an observer sees the records too.</summary>
    /// <param name="observer">Stays the caller's.</param>
    public void Add(RecordObserver observer)
    {
        _observers = [.. _observers, observer];
        ForgetStreams();
        foreach (var context in _open.Values) observer.Opened(context.Open, null);
    }

    /// <summary>From here on it does not.</summary>
    public void Remove(RecordObserver observer)
    {
        _observers = [.. _observers.Where(other => other != observer)];
        ForgetStreams();
    }

    /// <summary>Asks the observers anew what they keep for the streams.</summary>
    public void ForgetStreams()
    {
        foreach (var context in _open.Values) context.ForgetStreams();
    }

    /// <summary>A stream by the venue's name of it; null when the connection is not open.</summary>
    public StreamKey? KeyOf(long connection, string wire) => _open.GetValueOrDefault(connection)?.KeyOf(wire);

    /// <summary>Takes in the next record of the tape.</summary>
    public void Take(in TapeRecord record)
    {
        if (record.Kind == RecordKind.Frame) TakeFrame(record);
        else if (record.Kind == RecordKind.Note) TakeNote(record);
        else if (record.Kind == RecordKind.Tick) foreach (var observer in _observers) observer.Tick(record);
        else foreach (var observer in _observers) observer.Other(record);
    }

    private void TakeFrame(in TapeRecord record)
    {
        _open.TryGetValue(record.Connection, out var context);
        var frame = new DecodedFrame(context, context?.StreamOf(record.Payload), _events);
        var observers = _observers;
        for (var index = 0; index < observers.Length; index++)
        {
            frame.Observer = index;
            observers[index].Frame(record, ref frame);
        }
    }

    private void TakeNote(in TapeRecord record)
    {
        var note = Note.Parse(record.Payload);
        foreach (var observer in _observers) observer.Note(record, note);
        if (note is ConnectedNote connected) Open(new OpenConnection(record.Connection, connected.Venue, connected.Streams), record.Time);
        else if (note is DisconnectedNote) Close(record.Connection, record.Time);
        // Whatever was open belonged to a run that is over, in order or by a crash.
        else if (note is StartedNote) foreach (var connection in _open.Keys.ToList()) Close(connection, record.Time);
    }

    private void Open(OpenConnection open, UnixNanos? at)
    {
        var venue = _venues(open.Venue);
        if (venue is not null && !_decoders.ContainsKey(venue.Name)) _decoders[venue.Name] = venue.CreateDecoder();
        _open[open.Connection] = new ConnectionContext(open, venue, venue is null ? null : _decoders[venue.Name],
            (connection, wire, stream) => [.. _observers.Select(observer => observer.StateOf(connection, wire, stream))]);
        foreach (var observer in _observers) observer.Opened(open, at);
    }

    private void Close(long connection, UnixNanos at)
    {
        if (!_open.Remove(connection)) return;
        foreach (var observer in _observers) observer.Closed(connection, at);
    }
}
