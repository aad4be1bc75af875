namespace Tape.Venues.Frames;

/// <summary>
/// The levels of one side of a depth frame. Keeps its room from frame to frame; grows to the largest frame seen, which the frame limit bounds.
/// </summary>
internal sealed class LevelList
{
    private (double Price, double Quantity)[] _items = new (double, double)[64];

    /// <summary>Levels in it.</summary>
    public int Count { get; private set; }

    /// <summary>Byte offset of the array that it was read from.</summary>
    public int Start { get; private set; }

    /// <summary>Byte offset at which the array turned out not to be a list of levels, or -1.</summary>
    public int FaultAt { get; set; }

    public ReadOnlySpan<(double Price, double Quantity)> Items => _items.AsSpan(0, Count);

    public void Reset(int start) => (Count, Start, FaultAt) = (0, start, -1);

    public void Add(double price, double quantity)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = (price, quantity);
    }

    /// <summary>Room for so many levels, to be written before <see cref="Take"/>.</summary>
    public Span<(double Price, double Quantity)> Room(int count)
    {
        if (_items.Length < count) _items = new (double, double)[Math.Max(_items.Length * 2, count)];
        return _items.AsSpan(0, count);
    }

    /// <summary>Takes the first levels of the room as the list's own.</summary>
    public void Take(int count) => Count = count;
}
