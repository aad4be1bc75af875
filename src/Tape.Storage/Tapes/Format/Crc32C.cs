using System.Numerics;
using System.Runtime.InteropServices;

namespace Tape.Storage.Tapes.Format;

/// <summary>CRC-32C (Castagnoli) as in iSCSI: start and final value inverted, bits reflected. Uses the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum; of the ASCII text <c>123456789</c> it is E3069283.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Extend(0, bytes);

    /// <summary>The checksum of what <paramref name="checksum"/> is of, followed by further bytes; 0 is the checksum of no bytes.</summary>
    public static uint Extend(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
