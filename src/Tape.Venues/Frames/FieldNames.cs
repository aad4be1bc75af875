using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Frames;

/// <summary>
/// The names that occur in a venue's frames, each with the number 0 to 63 of the field that it is, or <see cref="None"/> where no row needs it: such names
/// are listed only because a known name is found faster. Immutable.
/// </summary>
internal sealed class FieldNames
{
    /// <summary>Fields are numbered below this.</summary>
    public const int FieldsMax = 64;

    /// <summary>The number of names that mean nothing to us.</summary>
    public const int None = -1;

    /// <summary>A name, its quotes and its colon take at most this many bytes.</summary>
    public const int QuotedBytesMax = 32;

    private const int SlotBits = 9;

    private readonly Entry[] _entries;
    private readonly short[] _slots = new short[1 << SlotBits];
    private readonly string?[] _names = new string?[FieldsMax];

    /// <param name="fields">Names and their numbers.</param>
    /// <param name="others">Names that no row needs.</param>
    public FieldNames(IEnumerable<(string Name, int Field)> fields, params string[] others)
    {
        _entries = [default, .. fields.Select(field => new Entry(field.Name, field.Field)), .. others.Select(name => new Entry(name, None))];
        for (var entry = 1; entry < _entries.Length; entry++)
        {
            var slot = SlotOf(_entries[entry].Name);
            while (_slots[slot] != 0) slot = Next(slot);
            _slots[slot] = (short)entry;
        }

        foreach (var entry in _entries.Skip(1).Where(entry => entry.Field != None)) _names[entry.Field] ??= Encoding.UTF8.GetString(entry.Name);
    }

    /// <summary>Names in it, and one: they are numbered from 1.</summary>
    public int EntryCount => _entries.Length;

    /// <summary>A name by its number from 1 on.</summary>
    public ref readonly Entry this[int entry] => ref _entries[entry];

    /// <summary>The name of a field, for messages.</summary>
    public string Name(int field) => _names[field] ?? "";

    /// <summary>The field that a name is, or <see cref="None"/>.</summary>
    /// <param name="name">Its bytes, escapes taken out.</param>
    public int Of(ReadOnlySpan<byte> name) => Find(name) is > 0 and var entry ? _entries[entry].Field : None;

    /// <summary>The number of a name, or 0.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return 0;
        for (var slot = SlotOf(name); _slots[slot] is > 0 and var entry; slot = Next(slot))
        {
            if (name.SequenceEqual(_entries[entry].Name)) return entry;
        }

        return 0;
    }

    /// <summary>Length and three letters tell nearly all names apart.</summary>
    private static int SlotOf(ReadOnlySpan<byte> name)
    {
        var key = (uint)(name[0] | (name[name.Length / 2] << 8) | (name[^1] << 16) | (name.Length << 24));
        return (int)((key * 0x9E37_79B1) >> (32 - SlotBits));
    }

    private static int Next(int slot) => (slot + 1) & ((1 << SlotBits) - 1);

    /// <summary>A name as it stands in frames without white space: <c>"name":</c>.</summary>
    public readonly struct Entry
    {
        private readonly Vector256<byte> _text;
        private readonly Vector256<byte> _mask;

        public Entry(string name, int field)
        {
            var quoted = Encoding.UTF8.GetBytes($"\"{name}\":");
            ArgumentOutOfRangeException.ThrowIfGreaterThan(quoted.Length, QuotedBytesMax);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(field, FieldsMax);
            Span<byte> text = stackalloc byte[QuotedBytesMax];
            Span<byte> mask = stackalloc byte[QuotedBytesMax];
            text.Clear();
            mask.Clear();
            quoted.CopyTo(text);
            mask[..quoted.Length].Fill(0xFF);
            (_text, _mask) = (Vector256.Create((ReadOnlySpan<byte>)text), Vector256.Create((ReadOnlySpan<byte>)mask));
            (Name, Field, QuotedLength) = (quoted[1..^2], field, quoted.Length);
        }

        public readonly byte[] Name;
        public readonly int Field;

        /// <summary>Bytes of the name with quotes and colon; 0 in the entry that stands for no name.</summary>
        public readonly int QuotedLength;

        /// <summary>Whether the name stands here in quotes with its colon; 32 bytes must be readable.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool StandsAt(ref byte at) => ((Vector256.LoadUnsafe(ref at) ^ _text) & _mask) == Vector256<byte>.Zero;
    }
}
