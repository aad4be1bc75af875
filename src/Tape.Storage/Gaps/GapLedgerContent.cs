using Tape.Storage.Journal;
using Tape.Storage.Seals;

namespace Tape.Storage.Gaps;

/// <summary>What the gap ledger says.</summary>
public sealed class GapLedgerContent
{
    internal const string Hint = "The ledger is derived: 'tape gaps --rebuild' makes it again from what is on the tape.";

    internal static readonly LineFormat Format = new(Hint, "gaps");

    private readonly SortedDictionary<int, GapStream> _streams = [];
    private readonly List<GapEntry> _gaps = [];
    private readonly Dictionary<GapEntry, int> _byHole = new(GapComparer.Instance);

    /// <summary>The folder of the ledger in a vault.</summary>
    public static string Folder(string vault) => Path.Combine(vault, "quality");

    /// <summary>The ledger's path.</summary>
    public static string PathOf(string vault) => Path.Combine(Folder(vault), "gaps.log");

    /// <summary>The tape that it is about, 16 hexadecimal digits; null while it is empty.</summary>
    public string? Tape { get; private set; }

    /// <summary>The streams, by number.</summary>
    public IReadOnlyCollection<GapStream> Streams => _streams.Values;

    /// <summary>The holes, in the order in which they were established.</summary>
    public IReadOnlyList<GapEntry> Gaps => _gaps;

    /// <summary>Everything that was established before this record is in it.</summary>
    public long WrittenTo { get; internal set; }

    /// <summary>Reads the ledger as it is, without a lock; empty when there is none.</summary>
    /// <param name="expected">How far it had come once, as the seal log says; null where nothing is known.</param>
    /// <exception cref="DamagedException">It is damaged before its last line, or lines are missing.</exception>
    public static GapLedgerContent Read(IFiles files, string vault, LogHead? expected = null)
    {
        var content = new GapLedgerContent();
        RequireWhole(vault, expected, CheckedLog.Read(files, PathOf(vault), Format, json => GapLine.Read(json, content), expected));
        return content;
    }

    internal static void RequireWhole(string vault, LogHead? expected, LineChain read)
    {
        if (VaultHeads.Fault(expected, read) is { } fault) throw new DamagedException($"{PathOf(vault)}: found {fault}", Hint);
    }

    /// <summary>What the ledger says before the place at which it is damaged.</summary>
    /// <param name="damage">What is wrong there; null when all is well.</param>
    public static GapLedgerContent Salvage(IFiles files, string vault, out DamagedException? damage)
    {
        var content = new GapLedgerContent();
        damage = null;
        try
        {
            CheckedLog.Read(files, PathOf(vault), Format, json => GapLine.Read(json, content));
        }
        catch (DamagedException fault)
        {
            damage = fault;
        }

        return content;
    }

    internal bool Accepts(ReadOnlySpan<byte> tape)
    {
        Tape ??= Encoding.ASCII.GetString(tape);
        return tape.Length == Tape.Length && Ascii.Equals(tape, Tape);
    }

    internal void Add(GapStream stream)
    {
        // Streams are found by their number, so no number may be left out.
        if (stream.Number < 0 || stream.Number > _streams.Count)
            throw new FormatException($"found stream {stream.Number}, expected one of 0 to {_streams.Count}");
        _streams[stream.Number] = stream;
    }

    internal void Add(in GapEntry gap)
    {
        if (!_streams.ContainsKey(gap.Stream)) throw new FormatException($"found a gap of stream {gap.Stream}, which no line names");
        // A hole that was filled late is told again, and takes its first place.
        if (gap.Repaired && Find(gap) is { } told) _gaps[told] = gap;
        else _gaps.Add(gap);
    }

    private int? Find(in GapEntry gap)
    {
        for (var index = _byHole.Count; index < _gaps.Count; index++) _byHole[_gaps[index]] = index;
        return _byHole.TryGetValue(gap, out var told) ? told : null;
    }

    private sealed class GapComparer : IEqualityComparer<GapEntry>
    {
        public static readonly GapComparer Instance = new();

        public bool Equals(GapEntry x, GapEntry y) => x.IsSameGap(y);

        public int GetHashCode(GapEntry gap) => HashCode.Combine(gap.Stream, gap.SeqAfter, gap.IdFrom, gap.IdTo, gap.From);
    }
}
