using System.Globalization;
using System.Text.Json;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Storage.Tests.Seals;

/// <summary>
/// Seal logs of made-up days, for the tests of shortening: four seals a day of ten records each, the last of which reaches into the next day; quotes come once
/// a day.
/// </summary>
internal static class ShortLog
{
    public const int SealsADay = 4;

    public static readonly OwnerInfo Owner = new("test", 1, new UnixNanos(0));

    public static DateOnly Day(int number) => new DateOnly(2026, 11, 1).AddDays(number);

    public static SealLog Open(string vault, IFiles? files = null) => SealLog.Open(files ?? TestDisk.Files, vault, Owner);

    /// <summary>Seals whole days, folds all but the last one, and leaves it to the test to shorten.</summary>
    public static void Fill(SealLog log, int firstDay, int days)
    {
        for (var day = firstDay; day < firstDay + days; day++)
        {
            for (var seal = 0; seal < SealsADay; seal++) Append(log, day, seal);
            if (day > firstDay) PaperMerge.Fold(log, Day(day - 1));
        }
    }

    /// <summary>What readers learn, seals in archives included: the same before and after shortening.</summary>
    public static string Look(string vault, IFiles? files = null)
    {
        var log = SealLog.Read(files ?? TestDisk.Files, vault);
        var text = new List<string> { $"to {log.Committed[^1].ToSeqExcl}" };
        text.AddRange(log.Files.Select(file => $"{file.Path} {file.Rows} {file.Hash} {file.ReceivedMin} {file.ReceivedMax} {file.Except.Count}")
            .Order(StringComparer.Ordinal));
        text.AddRange(StreamStatistics.Sum(log.Streams).Select(stream => stream.ToString()));
        text.AddRange(log.All.Select(Describe));
        return string.Join('\n', text);
    }

    /// <summary>A seal with all that it says.</summary>
    public static string Describe(SealEntry seal) => string.Join(' ', [
        $"{seal.Id} {seal.Tape} {seal.FromSeq}..{seal.ToSeqExcl} {seal.Decoder} g{seal.Generation} u{seal.Undecodable} {seal.State?.GetRawText()}",
        .. seal.Files.Select(file => $"{file.Path} {file.Rows} {file.Hash} -> {file.Fold?.Path ?? "itself"}"),
            .. seal.Streams.Select(stream => stream.ToString()), .. (seal.Faults ?? []).Select(fault => fault.ToString()),
    ]);

    public static void Append(SealLog log, int day, int seal)
    {
        var number = day * SealsADay + seal;
        var at = number * 1000L;
        var files = new List<SealedFile> { File("trades", day, number) };
        if (seal == 0) files.Add(File("bbo", day, number));
        if (seal == SealsADay - 1) files.Add(File("trades", day + 1, number));
        var entry = new FirstSealEntry(
            log.NextId, "0000000000abcdef", number * 10, number * 10 + 10, "1", files,
                [new StreamStatistics("binance", "aggTrade", seal % 2 == 0 ? "BTCUSDT" : "ETHUSDT", 10, 5, at, at + 900, seal)],
            JsonDocument.Parse($$"""{"after":{{number}}}""").RootElement)
        {
            Undecodable = seal == 2 ? 1 : 0,
            Faults = seal == 2 ? [new SealedFault(number * 10 + 1, 3, "no JSON")] : null,
        };
        log.AppendSeal(entry);
        log.AppendCommit(entry.Id);
    }

    private static SealedFile File(string table, int day, int number) => new(
        table, "binance", Day(day), string.Create(CultureInfo.InvariantCulture,
            $"raw/v1/{table}/venue=binance/date={Day(day):yyyy-MM-dd}/part-{number}.parquet"), 5, 600,
        new RowHash((ulong)number + 1, (ulong)day).ToString(), number * 1000L, number * 1000L + 900);
}
