using Tape.Core.Events;
using Tape.Core.Values;

namespace Tape.SimulationTests.Books;

/// <summary>A book as a client keeps it: levels, and a sum of them by which two books are compared.</summary>
internal sealed class ShadowBook
{
    private readonly Dictionary<(Side Side, double Price), double> _levels = [];

    /// <summary>The same for the same levels, in whatever order they came.</summary>
    public long Sum { get; private set; }

    public void Clear()
    {
        _levels.Clear();
        Sum = 0;
    }

    public void Set(Side side, double price, double quantity)
    {
        if (_levels.Remove((side, price), out var before)) Sum -= HashCode.Combine(side, price, before);
        if (quantity == 0) return;
        _levels[(side, price)] = quantity;
        Sum += HashCode.Combine(side, price, quantity);
    }

    /// <summary>Applies the rows of one frame.</summary>
    public void Apply(IReadOnlyList<BookEvent> rows)
    {
        if (rows[0].Kind == BookKind.Snapshot) Clear();
        foreach (var row in rows)
            if (row.Side != Side.None) Set(row.Side, row.Price, row.Quantity);
    }

    public ShadowBook Copy()
    {
        var copy = new ShadowBook { Sum = Sum };
        foreach (var level in _levels) copy._levels.Add(level.Key, level.Value);
        return copy;
    }
}
