using System.Runtime.CompilerServices;

namespace Tape.Venues.Frames;

/// <summary>
/// The layouts that a decoder remembers, by fingerprint: sets of four, the oldest of a set gives way. A layout is worth learning once it has come
/// twice. At most 1024 layouts are ever held and 4096 ever learnt, so that no stream can keep a decoder allocating.
/// </summary>
internal sealed class LayoutTable<T> where T : class
{
    /// <summary>Layouts learnt before a table learns no more.</summary>
    public const int LearnMax = 4096;

    private const int SetBits = 8;
    private const int SetSize = 4;

    private readonly ulong[] _fingerprints = new ulong[SetSize << SetBits];
    private readonly T?[] _layouts = new T?[SetSize << SetBits];
    private readonly ulong[] _seen = new ulong[SetSize << SetBits];
    private int _learnt;

    /// <summary>The layout with a fingerprint, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T? Find(ulong fingerprint)
    {
        var first = FirstOf(fingerprint);
        for (var slot = first; slot < first + SetSize; slot++)
        {
            if (_fingerprints[slot] == fingerprint) return _layouts[slot];
        }

        return null;
    }

    /// <summary>Whether frames with this fingerprint, whose layout was not found or did not match, should be learnt from now.</summary>
    public bool IsWorthLearning(ulong fingerprint)
    {
        if (_learnt == LearnMax || _fingerprints.AsSpan(FirstOf(fingerprint), SetSize).Contains(fingerprint)) return false;
        ref var seen = ref _seen[FirstOf(fingerprint) + (int)(fingerprint & (SetSize - 1))];
        if (seen == fingerprint) return true;
        seen = fingerprint;
        return false;
    }

    /// <summary>Remembers a layout, or (null) that frames with this fingerprint have none.</summary>
    public void Add(ulong fingerprint, T? layout)
    {
        _learnt++;
        var first = FirstOf(fingerprint);
        _fingerprints.AsSpan(first, SetSize - 1).CopyTo(_fingerprints.AsSpan(first + 1));
        _layouts.AsSpan(first, SetSize - 1).CopyTo(_layouts.AsSpan(first + 1));
        (_fingerprints[first], _layouts[first]) = (fingerprint, layout);
    }

    private static int FirstOf(ulong fingerprint) => (int)(fingerprint >> (64 - SetBits)) * SetSize;
}
