using Tape.Simulator.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Simulator.Proof;

/// <summary>What a tape holds of one connection, in order.</summary>
/// <param name="Connection">Its number on the tape.</param>
/// <param name="Port">Our port.</param>
/// <param name="OpenedAt">Time of its connected note.</param>
/// <param name="Plan">Venue, route and shard: equal for connections that follow each other.</param>
public sealed record TapeConnection(long Connection, int Port, UnixNanos OpenedAt, string Plan)
{
    /// <summary>Frames and declared drops in order.</summary>
    public List<StoredItem> Items { get; } = [];

    /// <summary>Its last note; null when the recorder was killed before.</summary>
    public DisconnectedNote? End { get; set; }

    /// <summary>Time of that note.</summary>
    public UnixNanos? EndedAt { get; set; }

    /// <summary>Receive time of its last record.</summary>
    public UnixNanos LastAt { get; set; } = OpenedAt;

    /// <summary>Receive times fell somewhere; they never may within a connection.</summary>
    public bool TimeFell { get; set; }
}

/// <summary>Reads a whole tape connection by connection: 24 bytes of memory a frame.</summary>
public static class TapeConnections
{
    /// <param name="files">Where the tape is.</param>
    /// <param name="tapeFolder">The folder of the tape.</param>
    /// <param name="venue">Only connections of this venue; null for all.</param>
    public static IReadOnlyList<TapeConnection> Read(IFiles files, string tapeFolder, string? venue = null)
    {
        var connections = new Dictionary<long, TapeConnection>();
        using var reader = TapeReader.Open(files, tapeFolder);
        while (reader.TryRead(out var record))
        {
            if (record.Kind == RecordKind.Frame) AddFrame(connections, record, venue);
            else if (record.Kind == RecordKind.Note) AddNote(connections, record, venue);
        }

        return [.. connections.Values.OrderBy(connection => connection.Connection)];
    }

    private static void AddFrame(Dictionary<long, TapeConnection> connections, in TapeRecord record, string? venue)
    {
        if (!connections.TryGetValue(record.Connection, out var connection))
        {
            if (venue is not null) return;
            throw new DamagedException($"tape: frame {record.Seq} is of connection {record.Connection}, which has no connected note");
        }

        connection.Items.Add(StoredItem.Frame(record.Payload, record.Time));
        connection.TimeFell |= connection.Items.Count > 1 && record.Time < connection.LastAt;
        connection.LastAt = record.Time;
    }

    private static void AddNote(Dictionary<long, TapeConnection> connections, in TapeRecord record, string? venue)
    {
        switch (Note.Parse(record.Payload))
        {
            case ConnectedNote note when venue is null || note.Venue == venue:
                var port = int.Parse(note.Local[(note.Local.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
                connections.Add(record.Connection, new TapeConnection(record.Connection, port, record.Time, $"{note.Venue}/{note.Route}/{note.Shard}"));
                break;
            case DroppedNote note when connections.TryGetValue(record.Connection, out var dropping):
                dropping.Items.Add(StoredItem.Drop(note.Frames));
                break;
            case DisconnectedNote note when connections.TryGetValue(record.Connection, out var connection):
                (connection.End, connection.EndedAt) = (note, record.Time);
                break;
        }
    }
}
