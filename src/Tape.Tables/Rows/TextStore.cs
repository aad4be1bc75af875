using System.Buffers.Binary;

namespace Tape.Tables.Rows;

/// <summary>The UTF-8 texts of a row buffer. Texts that recur are stored once. Not thread-safe.</summary>
internal sealed class TextStore
{
    /// <summary>All texts of one buffer together, bytes.</summary>
    public const int BytesMax = 1 << 30;

    private byte[] _bytes = new byte[4096];
    private int[] _slots = new int[256];
    private TextRef[] _known = new TextRef[128];
    private int _knownCount;

    /// <summary>Bytes used.</summary>
    public int Length { get; private set; }

    /// <summary>Distinct texts given to <see cref="Intern"/>.</summary>
    public int KnownCount => _knownCount;

    /// <summary>A text by its reference; valid until the next addition.</summary>
    public ReadOnlySpan<byte> this[TextRef reference] => _bytes.AsSpan(reference.Start, reference.Length);

    /// <summary>The text behind a number that <see cref="Intern"/> gave.</summary>
    public TextRef Known(int number) => _known[number];

    /// <summary>Stores a text. Empty text is absent.</summary>
    public TextRef Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return default;
        if (Length > BytesMax - utf8.Length) throw new InvalidOperationException($"a row buffer holds {BytesMax} bytes of text at most; seal earlier");
        if (Length + utf8.Length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(BytesMax, Math.Max(_bytes.Length * 2L, Length + utf8.Length)));
        utf8.CopyTo(_bytes.AsSpan(Length));
        var reference = new TextRef(Length, utf8.Length);
        Length += utf8.Length;
        return reference;
    }

    /// <summary>Stores a text unless it is there, and gives its number: 0, 1, 2… in the order of first appearance.</summary>
    public int Intern(ReadOnlySpan<byte> utf8)
    {
        if (_knownCount * 2 >= _slots.Length) Grow();
        var at = Slot(utf8);
        if (_slots[at] != 0) return _slots[at] - 1;
        if (_knownCount == _known.Length) Array.Resize(ref _known, _knownCount * 2);
        _known[_knownCount] = Add(utf8);
        _slots[at] = ++_knownCount;
        return _knownCount - 1;
    }

    /// <summary>Forgets all texts, keeps the room.</summary>
    public void Clear()
    {
        Length = 0;
        _knownCount = 0;
        Array.Clear(_slots);
    }

    private int Slot(ReadOnlySpan<byte> utf8)
    {
        var mask = _slots.Length - 1;
        var at = (int)HashOf(utf8) & mask;
        while (_slots[at] != 0 && !this[_known[_slots[at] - 1]].SequenceEqual(utf8)) at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var i = 0; i < _knownCount; i++) _slots[Slot(this[_known[i]])] = i + 1;
    }

    /// <summary>Lives in memory only, so that it may change at any time.</summary>
    private static uint HashOf(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        for (; utf8.Length >= 8; utf8 = utf8[8..]) hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0x9E37_79B9_7F4A_7C15;
        foreach (var value in utf8) hash = (hash << 8) + value;
        hash *= 0x9E37_79B9_7F4A_7C15;
        return (uint)(hash >> 32);
    }
}
