using System.Runtime.InteropServices;

namespace Tape.Venues.Frames;

/// <summary>
/// The short way for frames, and for elements of their data, whose values are as long as those of earlier ones. It fills the fields that the full pass would
/// fill, or gives up. A frame behind a blank always goes the full way.
/// </summary>
public abstract partial class JsonFrameDecoder
{
    private readonly LayoutTable<ValueLayout> _frames = new();
    private readonly LayoutTable<ValueLayout> _elements = new();
    private bool _remembers;

    /// <summary>Frames and elements so far that were read a short way.</summary>
    internal long RepeatCount { get; private set; }

    /// <summary>What the venue's fields are.</summary>
    private protected virtual FieldTypes Types => default;

    /// <summary>All objects of a frame that <see cref="TryRepeat"/> reads.</summary>
    private protected virtual IReadOnlyList<FrameFields> Objects => [];

    /// <summary>A field of which only the part behind the last dot may vary; -1 where there is none.</summary>
    private protected virtual int SuffixField => -1;

    /// <summary>Whether <see cref="Objects"/> hold all that the frame read last has.</summary>
    private protected virtual bool CanRepeat => false;

    /// <summary>Adds the rows of a frame for which the venue knows a way of its own.</summary>
    /// <param name="frame">Starts with a brace.</param>
    /// <returns>False when it has none, or must leave the frame to others; what it found does not count then.</returns>
    private protected virtual bool TryShort(ReadOnlySpan<byte> frame) => false;

    /// <summary>Adds the rows of a frame whose objects have been filled.</summary>
    /// <returns>False when the full pass must judge it.</returns>
    private protected virtual bool TryRepeat(ReadOnlySpan<byte> frame) => false;

    /// <summary>Fills the fields of an element from its layout.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="from">Offset of the element.</param>
    /// <param name="toExcl">Offset behind it.</param>
    private protected bool TryElement(ReadOnlySpan<byte> frame, int from, int toExcl) => _remembers && TryLayout(_elements, frame[from..toExcl], from);

    /// <summary>Takes the layout of an element that was read in full.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="from">Offset of the element.</param>
    /// <param name="toExcl">Offset behind it.</param>
    /// <param name="objects">Its fields.</param>
    private protected void LearnElement(ReadOnlySpan<byte> frame, int from, int toExcl, IReadOnlyList<FrameFields> objects)
    {
        if (_remembers) Learn(_elements, frame[from..toExcl], from, objects);
    }

    private bool TryOwnWay(ReadOnlySpan<byte> frame)
    {
        if (!TryShort(frame)) return false;
        RepeatCount++;
        return true;
    }

    private bool TryLayout(LayoutTable<ValueLayout> layouts, ReadOnlySpan<byte> text, int offset)
    {
        if (text.Length is < BytePattern.BytesMin or > BytePattern.BytesMax) return false;
        if (layouts.Find(BytePattern.Fingerprint(ref MemoryMarshal.GetReference(text), text.Length)) is not { } layout || !layout.TryRead(text, offset))
            return false;
        RepeatCount++;
        return true;
    }

    private void Learn(LayoutTable<ValueLayout> layouts, ReadOnlySpan<byte> text, int offset, IReadOnlyList<FrameFields> objects)
    {
        if (text.Length is < BytePattern.BytesMin or > BytePattern.BytesMax) return;
        var fingerprint = BytePattern.Fingerprint(ref MemoryMarshal.GetReference(text), text.Length);
        if (layouts.IsWorthLearning(fingerprint)) layouts.Add(fingerprint, new ValueLayoutBuilder(text, offset, objects, Types, ListOf).Build(SuffixField));
    }
}
