using Tape.Bench.Synthetic;
using Tape.Derive.Decoding;
using Tape.Derive.Sealing;
using Tape.Host.Processes;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Crash;

/// <summary>
/// The days before today in a vault, as a recorder leaves them that had no time for more than sealing: some minutes of made-up Bybit frames each, in small
/// segments and many small parts, with two connections whose overlap brings the same frames twice.
/// </summary>
internal sealed class OldDays
{
    /// <summary>Of another venue than what is recorded while processes are killed, so that the two can be told apart.</summary>
    public const string Venue = "bybit";

    private const int MinutesADay = 6;
    private const int OverlapMinute = 3;
    private const int FramesAMinute = 100;

    /// <summary>What is sent twice has ids, so that it can be counted how many rows are the same event.</summary>
    private static readonly string[] Kinds = ["publicTrade", "orderbook.1"];
    private static readonly string[] KindsOutsideOverlap = [.. Kinds, "tickers"];

    private readonly FrameMaker _maker;
    private readonly Random _chance;
    private readonly Dictionary<DateOnly, long> _duplicates = [];

    private OldDays(int seed) => (_chance, _maker) = (new Random(seed), FrameMaker.Of(Venue, new Random(seed)));

    /// <summary>The rows of each day.</summary>
    public IReadOnlyDictionary<DateOnly, IReadOnlyList<RawTotal>> Rows { get; private set; } = new Dictionary<DateOnly, IReadOnlyList<RawTotal>>();

    /// <summary>Rows of each day that the second connection brought again.</summary>
    public IReadOnlyDictionary<DateOnly, long> Duplicates => _duplicates;

    /// <summary>Segments of the old days' tape that have not expired.</summary>
    public static int SegmentsLeft(string vault)
    {
        var history = SegmentHistory.Read(DiskFiles.Instance, TapeRange.Folder(vault));
        var today = UnixNanos.From(TimeProvider.System.GetUtcNow()).Day;
        return TapeFolder.Segments(DiskFiles.Instance, TapeRange.Folder(vault))
            .Count(segment => segment.MaxTime?.Day < today.AddDays(-1) && history.Find(segment.FirstSeq)?.Expired is null);
    }

    /// <summary>Makes a vault that holds them.</summary>
    /// <param name="vault">A folder that is not there yet.</param>
    /// <param name="count">How many days; the last one is yesterday.</param>
    /// <param name="today">UTC.</param>
    public static OldDays Make(string vault, int count, DateOnly today, int seed, CancellationToken cancel)
    {
        var days = new OldDays(seed);
        var owner = ThisProcess.Owner("tape-bench crash");
        Directory.CreateDirectory(vault);
        var options = new TapeOptions { SegmentBytesMax = 24 << 10, BlockBytesMax = 8 << 10 };
        using (var tape = TapeWriter.Open(DiskFiles.Instance, TapeRange.Folder(vault), options, TimeProvider.System, days._chance, owner))
        using (var sealer = Sealer.Open(DiskFiles.Instance, vault, new SealLimits(), VenueCatalog.Find, TimeProvider.System, owner))
            for (var number = 0; number < count; number++)
            {
                cancel.ThrowIfCancellationRequested();
                days.Record(tape, sealer, today.AddDays(number - count), number * 2 + 1);
            }

        days.Rows = SealLog.Read(DiskFiles.Instance, vault).Files.GroupBy(file => file.Day)
            .ToDictionary(day => day.Key, day => new RawDay(day.Key, [.. day]).Totals);
        return days;
    }

    /// <param name="connection">The day's first connection; its successor has the next number.</param>
    private void Record(TapeWriter tape, Sealer sealer, DateOnly day, long connection)
    {
        var noon = UnixNanos.From(new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero));
        Note(tape, 0, noon, new StartedNote("tape-bench crash", Environment.ProcessId, [Venue]));
        Connect(tape, connection, noon);
        for (var minute = 0; minute < MinutesADay; minute++)
        {
            var from = noon.Add(TimeSpan.FromMinutes(minute));
            if (minute == OverlapMinute) Connect(tape, connection + 1, from);
            for (var frame = 0; frame < FramesAMinute; frame++) Append(tape, day, minute, connection, from.Add(TimeSpan.FromMilliseconds(500 * frame)));
            tape.Commit();
            sealer.Advance(_ => { }, all: true);
        }
    }

    private void Append(TapeWriter tape, DateOnly day, int minute, long connection, UnixNanos at)
    {
        var kinds = minute == OverlapMinute ? Kinds : KindsOutsideOverlap;
        var kind = kinds[_chance.Next(kinds.Length)];
        var frame = _maker.Frame(kind);
        tape.Append(RecordKind.Frame, minute <= OverlapMinute ? connection : connection + 1, at, frame);
        if (minute != OverlapMinute) return;
        tape.Append(RecordKind.Frame, connection + 1, at.Add(TimeSpan.FromMicroseconds(40)), frame);
        _duplicates[day] = _duplicates.GetValueOrDefault(day)
            + (kind == "publicTrade" ? System.Text.Encoding.UTF8.GetString(frame).Split("\"i\":\"").Length - 1 : 1);
    }

    private static void Connect(TapeWriter tape, long connection, UnixNanos at) =>
        Note(tape, connection, at, new ConnectedNote(Venue, "linear", 0, "wss://made.up", "127.0.0.1:1", []));

    private static void Note(TapeWriter tape, long connection, UnixNanos at, Note note) => tape.Append(RecordKind.Note, connection, at, note.ToJson());
}
