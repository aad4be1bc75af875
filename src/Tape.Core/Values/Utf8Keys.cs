using System.Numerics;
using System.Runtime.InteropServices;

namespace Tape.Core.Values;

/// <summary>Lets a dictionary with byte-string keys be searched by a slice of a frame, without allocating.</summary>
public sealed class Utf8Keys : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    /// <summary>It has no state.</summary>
    public static readonly Utf8Keys Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = (uint)alternate.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(alternate);
        foreach (var word in words) hash = BitOperations.Crc32C(hash, word);
        foreach (var rest in alternate[(words.Length * 8)..]) hash = BitOperations.Crc32C(hash, rest);
        return (int)hash;
    }
}
