using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;

namespace Tape.Storage.Retention;

/// <summary>
/// Adds up what a vault takes, class by class, and how it grows: the tape by the times of its records, tables by the times of their parts, others not at all,
/// as nothing tells when their bytes came. The tape stops growing where its rules hold it: its growth then is counted as 0. Reads names, lengths, the seal log
/// and indexes; takes no lock.
/// </summary>
public static class DiskSurvey
{
    /// <summary>Less time than this gives no growth.</summary>
    public static readonly TimeSpan ObservedMin = TimeSpan.FromMinutes(1);

    /// <summary>Surveys a vault.</summary>
    /// <param name="rules">How long the tape is kept: where it has reached that, it does not grow any more.</param>
    public static DiskUse Run(IFiles files, string vault, ExpiryRules rules)
    {
        var segments = TapeFolder.Segments(files, Path.Combine(vault, "tape"));
        var seals = SealLog.Read(files, vault).Files.ToList();
        var observed = Observed(segments, seals);
        var classes = new List<DiskClass>();
        AddTape(classes, segments, observed, rules);
        foreach (var table in seals.GroupBy(file => file.Table).OrderBy(group => group.Key, StringComparer.Ordinal))
            classes.Add(new($"raw {table.Key}", table.SaturatingSum(file => file.Bytes), table.Count(),
                table.SaturatingSum(file => file.Bytes) / observed?.TotalDays));
        AddFolders(classes, files, vault);
        var free = files.FreeBytes(vault);
        return new(classes, free, observed?.TotalDays, FullIn(free, classes));
    }

    /// <summary>The time over which the vault recorded: from the earliest to the latest record or row.</summary>
    private static TimeSpan? Observed(IReadOnlyList<SegmentInfo> segments, List<SealedFile> seals)
    {
        var from = segments.Where(segment => segment.MinTime is not null).Select(segment => segment.MinTime!.Value.Value)
            .Concat(seals.Select(file => file.ReceivedMin)).DefaultIfEmpty(0).Min();
        var to = segments.Where(segment => segment.MaxTime is not null).Select(segment => segment.MaxTime!.Value.Value)
            .Concat(seals.Select(file => file.ReceivedMax)).DefaultIfEmpty(0).Max();
        return new UnixNanos(to).Since(new UnixNanos(from)) is var span && span >= ObservedMin ? span : null;
    }

    private static void AddTape(List<DiskClass> classes, IReadOnlyList<SegmentInfo> segments, TimeSpan? observed, ExpiryRules rules)
    {
        var (plain, packed) = (segments.Where(segment => segment.CompressedBytes is null).ToList(),
            segments.Where(segment => segment.CompressedBytes is not null).ToList());
        var own = segments is [{ MinTime: { } from }, ..] && segments[^1].MaxTime is { } to ? to.Since(from) : TimeSpan.Zero;
        double? growth = observed is null || own < ObservedMin ? null : Growth(segments, packed, own, rules);
        if (plain.Count > 0) classes.Add(new("tape", plain.Sum(segment => segment.StoredBytes), plain.Count, packed.Count == 0 || growth is null ? growth : 0));
        if (packed.Count > 0) classes.Add(new("tape compressed", packed.Sum(segment => segment.StoredBytes), packed.Count, growth));
    }

    /// <summary>Bytes a day: all that was recorded, in the size that compression gave to what is compressed; 0 where the rules hold the tape level.</summary>
    private static double Growth(IReadOnlyList<SegmentInfo> segments, List<SegmentInfo> packed, TimeSpan own, ExpiryRules rules)
    {
        if (own >= rules.Keep || segments.Sum(segment => segment.StoredBytes) >= rules.KeepBytes) return 0;
        var ratio = packed.Count == 0 ? 1 : (double)packed.Sum(segment => segment.StoredBytes) / packed.Sum(segment => segment.Bytes);
        return segments.Sum(segment => segment.Bytes) * ratio / own.TotalDays;
    }

    private static void AddFolders(List<DiskClass> classes, IFiles files, string vault)
    {
        Add(classes, "tape kept", Lengths(files, Path.Combine(vault, "tape", "kept")));
        Add(classes, "tape lists and indexes",
            files.ListFiles(Path.Combine(vault, "tape")).Where(name => Path.GetExtension(name) is not (".tape" or ".tapez"))
            .Select(name => files.FileLength(Path.Combine(vault, "tape", name))));
        Add(classes, "raw lists", files.ListFiles(Path.Combine(vault, "raw")).Select(name => files.FileLength(Path.Combine(vault, "raw", name)))
            .Concat(Lengths(files, Path.Combine(vault, "raw", "seals"))));
        AddCompact(classes, files, vault);
        foreach (var folder in files.ListFolders(vault).Except(["tape", "raw", "compact"])) Add(classes, folder, Lengths(files, Path.Combine(vault, folder)));
    }

    /// <summary>Files of finished days, table by table, and their log. They grow with the RAW tables, whose growth is told.</summary>
    private static void AddCompact(List<DiskClass> classes, IFiles files, string vault)
    {
        var root = EntryPath.Absolute(vault, $"compact/{RawSchema.Version}");
        foreach (var table in files.ListFolders(root)) Add(classes, $"compact {table}", Lengths(files, Path.Combine(root, table)));
        Add(classes, "compact lists", files.ListFiles(Path.Combine(vault, "compact")).Select(name => files.FileLength(Path.Combine(vault, "compact", name))));
    }

    private static void Add(List<DiskClass> classes, string name, IEnumerable<long> lengths)
    {
        var all = lengths.ToList();
        if (all.Count > 0) classes.Add(new(name, all.Sum(), all.Count, null));
    }

    private static IEnumerable<long> Lengths(IFiles files, string folder) =>
        files.ListFiles(folder).Select(name => files.FileLength(Path.Combine(folder, name)))
            .Concat(files.ListFolders(folder).SelectMany(name => Lengths(files, Path.Combine(folder, name))));

    private static TimeSpan? FullIn(long free, List<DiskClass> classes)
    {
        var perDay = classes.Sum(kind => kind.BytesPerDay ?? 0);
        return perDay > 0 && free / perDay is var days && days < DiskUse.FarOff.TotalDays ? TimeSpan.FromDays(days) : null;
    }
}
