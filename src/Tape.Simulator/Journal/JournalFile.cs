using System.Buffers.Binary;

namespace Tape.Simulator.Journal;

/// <summary>
/// The journal's file form: the 8 bytes <c>TVSIMJ01</c>, then records of 32 bytes, little-endian, in the order in which things happened:
/// kind u8 · reserved u8 ×3 · length u32 · connection u32 · reserved u32 · time i64 (ns since the epoch) · hash u64.
/// Kinds below 32 are <see cref="JournalEntryKind"/>. Kind 32 opens a connection (length = client port, hash = route), kind 33 ends it
/// (hash = <see cref="ConnectionEnd"/>). A file that ends inside a record was cut by a kill: the rest is ignored.
/// </summary>
internal static class JournalFile
{
    public const int RecordBytes = 32;
    public const byte Opened = 32;
    public const byte Ended = 33;
    private static readonly string[] _routes = ["legacy", "public", "market", "private", "linear", "business"];

    public static ReadOnlySpan<byte> Magic => "TVSIMJ01"u8;

    public static void Write(Span<byte> target, byte kind, int connection, long time, long length, ulong hash)
    {
        target[..RecordBytes].Clear();
        target[0] = kind;
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], (uint)connection);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], time);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], hash);
    }

    public static (byte Kind, int Connection, long Time, int Length, ulong Hash) Read(ReadOnlySpan<byte> record) => (
        record[0],
        (int)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
        (int)BinaryPrimitives.ReadUInt32LittleEndian(record[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[24..]));

    /// <summary>The number that stands for a route.</summary>
    public static ulong RouteNumber(string route) => (ulong)Math.Max(0, Array.IndexOf(_routes, route));

    public static string RouteName(ulong number) => number < (ulong)_routes.Length
        ? _routes[number]
        : throw new DamagedException($"simulator journal: found route number {number}, expected 0 to {_routes.Length - 1}");

    public static void CheckMagic(Stream file)
    {
        Span<byte> magic = stackalloc byte[8];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual(Magic))
            throw new DamagedException("simulator journal: the file does not begin with 'TVSIMJ01'", "Give the file that 'tape sim … --journal' wrote.");
    }
}
