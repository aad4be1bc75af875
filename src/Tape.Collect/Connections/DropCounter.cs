using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Connections;

/// <summary>
/// Counts the frames of one connection that did not fit into the queue, until they can be declared on the tape. Streams are told apart by the
/// names of the plan; whatever else a frame names itself is counted under the empty name, so the note has a limit. Not thread-safe.
/// </summary>
internal sealed class DropCounter
{
    private const int NoteBytesAround = 512;
    private const int NoteBytesPerStream = 32;

    private readonly string[] _names;
    private readonly long[] _counts;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _places;
    private long _frames;
    private UnixNanos _first;
    private UnixNanos _last;

    /// <param name="names">The streams of the connection as they are called in frames.</param>
    public DropCounter(IReadOnlyList<string> names)
    {
        _names = [.. names, ""];
        _counts = new long[_names.Length];
        var places = new Dictionary<byte[], int>(Utf8Keys.Instance);
        for (var place = 0; place < _names.Length; place++) places[Encoding.UTF8.GetBytes(_names[place])] = place;
        _places = places.GetAlternateLookup<ReadOnlySpan<byte>>();
        // JSON writes a character in six bytes at most.
        NoteBytesMax = NoteBytesAround + _names.Sum(name => NoteBytesPerStream + 6 * name.Length);
    }

    /// <summary>Whether drops are waiting to be declared.</summary>
    public bool Any => _frames > 0;

    /// <summary>What the note about the drops takes at most.</summary>
    public int NoteBytesMax { get; }

    /// <summary>Counts a frame that was not stored.</summary>
    public void Count(ReadOnlySpan<byte> streamName, UnixNanos receivedAt)
    {
        if (_frames++ == 0) _first = receivedAt;
        _last = receivedAt;
        _counts[_places.TryGetValue(streamName, out var place) ? place : _names.Length - 1]++;
    }

    /// <summary>The note that declares the drops. Call <see cref="Clear"/> once it is in the queue.</summary>
    public byte[] ToNote()
    {
        var streams = new Dictionary<string, long>();
        for (var place = 0; place < _names.Length; place++)
            if (_counts[place] > 0) streams[_names[place]] = _counts[place];
        return new DroppedNote("queue_full", _frames, _first.Value, _last.Value, streams).ToJson();
    }

    /// <summary>Forgets the drops: they are declared.</summary>
    public void Clear()
    {
        _frames = 0;
        Array.Clear(_counts);
    }
}
