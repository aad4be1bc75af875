using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>
/// Where the values lie in JSON text (a frame, or one object of it) whose names, punctuation and lengths of values are those of an example: the text is checked
/// 64 bytes at a time, and fields are filled without reading names. Learnt from an example that was read in full; what it accepts means the same but for its
/// values. Immutable.
/// </summary>
internal sealed class ValueLayout
{
    private readonly BytePattern _pattern;
    private readonly (FrameFields Fields, ulong Present)[] _objects;
    private readonly (FrameFields Fields, int Field, JsonToken Token)[] _tokens;
    private readonly (FrameFields Fields, DigitRun Run)[] _numbers;
    private readonly (FrameFields Fields, DigitRun Run)[] _integers;
    private readonly (int From, int Length)[] _ids;
    private readonly LevelLayout[] _levels;

    /// <param name="builder">Has walked over the example.</param>
    public ValueLayout(ValueLayoutBuilder builder)
    {
        _pattern = builder.Pattern;
        (_objects, _tokens) = ([.. builder.Objects.Select(fields => (fields, fields.Present))], [.. builder.Tokens]);
        (_numbers, _integers, _ids, _levels) = ([.. builder.Numbers], [.. builder.Integers], [.. builder.Ids], [.. builder.Levels]);
    }

    /// <summary>Fills the fields of the objects from a text that has the layout.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="offset">Where it starts in its frame: tokens count from the frame's start.</param>
    public bool TryRead(ReadOnlySpan<byte> text, int offset)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        if (!_pattern.Matches(ref start, text.Length)) return false;
        foreach (ref readonly var id in _ids.AsSpan())
        {
            if (text.Slice(id.From, id.Length).Contains((byte)'\\')) return false;
        }

        foreach (ref readonly var one in _objects.AsSpan()) one.Fields.Restore(one.Present);
        foreach (ref readonly var one in _tokens.AsSpan())
            one.Fields.Restore(one.Field, new JsonToken(one.Token.Start + offset, one.Token.Length, one.Token.Kind));
        foreach (ref readonly var one in _numbers.AsSpan()) one.Fields.Restore(one.Run.Field, one.Run.Read(ref start) / one.Run.Divisor);
        foreach (ref readonly var one in _integers.AsSpan()) one.Fields.Restore(one.Run.Field, one.Run.Read(ref start));
        foreach (var levels in _levels) levels.Read(ref start, offset);
        return true;
    }
}

/// <summary>Where the numbers of one side of a book lie.</summary>
/// <param name="List">The list to fill.</param>
/// <param name="Start">Offset of the array.</param>
/// <param name="Runs">Price and quantity by turns.</param>
internal sealed record LevelLayout(LevelList List, int Start, List<DigitRun> Runs)
{
    /// <summary>Fills the list.</summary>
    public void Read(ref byte start, int offset)
    {
        List.Reset(Start + offset);
        for (var level = 0; level < Runs.Count; level += 2) List.Add(Value(ref start, Runs[level]), Value(ref start, Runs[level + 1]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value(ref byte start, DigitRun run) => run.Read(ref start) / run.Divisor;
}
