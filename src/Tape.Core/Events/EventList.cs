namespace Tape.Core.Events;

/// <summary>A growing list that is cleared and filled again for each frame, so that a steady stream allocates nothing. Not thread-safe.</summary>
public sealed class EventList<T> where T : struct
{
    private T[] _items = new T[4];

    /// <summary>Events in it.</summary>
    public int Count { get; private set; }

    /// <summary>The events; valid until the next <see cref="Add"/> or <see cref="Clear"/>.</summary>
    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    /// <summary>Makes room for one event and returns it to be filled in whole: it may hold what an earlier frame left there.</summary>
    public ref T Add()
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        return ref _items[Count++];
    }

    /// <summary>Makes room for several events and returns them to be filled in whole; valid until the next addition.</summary>
    public Span<T> Add(int count)
    {
        if (Count + count > _items.Length) Array.Resize(ref _items, Math.Max(_items.Length * 2, Count + count));
        Count += count;
        return _items.AsSpan(Count - count, count);
    }

    /// <summary>Forgets the events, keeps the room.</summary>
    public void Clear() => Count = 0;
}
