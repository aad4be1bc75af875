using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tape.Venues.Frames;

/// <summary>
/// Guesses the next name of an object by the one before it, as venues write their objects in the same order nearly always: then one comparison reads a
/// name. A wrong guess costs time only. Not thread-safe.
/// </summary>
internal sealed class NameGuess(FieldNames names)
{
    private readonly short[] _next = new short[names.EntryCount];
    private int _last;

    public FieldNames Names => names;

    /// <summary>An object begins.</summary>
    public void Start() => _last = 0;

    /// <summary>Reads a name with its quotes and its colon when it is the expected one.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="at">Offset of the opening quote; behind the colon afterwards.</param>
    /// <param name="field">The field that it is, or <see cref="FieldNames.None"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> json, ref int at, out int field)
    {
        field = FieldNames.None;
        var guess = _next[_last];
        if (guess == 0 || json.Length - at < FieldNames.QuotedBytesMax) return false;
        ref readonly var entry = ref names[guess];
        if (!entry.StandsAt(ref Unsafe.Add(ref MemoryMarshal.GetReference(json), at))) return false;
        field = entry.Field;
        at += entry.QuotedLength;
        _last = guess;
        return true;
    }

    /// <summary>Looks a name up that was not the expected one, and expects it the next time.</summary>
    public int Learn(ReadOnlySpan<byte> name)
    {
        var entry = names.Find(name);
        if (entry == 0) return FieldNames.None;
        _next[_last] = (short)entry;
        _last = entry;
        return names[entry].Field;
    }
}
