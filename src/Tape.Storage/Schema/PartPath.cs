using Tape.Storage.Files;

namespace Tape.Storage.Schema;

/// <summary>Where parts and the seal log are in a vault. Relative paths are written with '/' on every platform.</summary>
public static class PartPath
{
    /// <summary>
    /// <c>raw/v1/&lt;table&gt;/venue=…/date=…/part-&lt;tape&gt;-&lt;first&gt;-&lt;last&gt;.parquet</c>, relative to the vault; later generations end in
    /// <c>-g&lt;n&gt;</c>.
    /// </summary>
    public static string Of(RawTable table, string venue, DateOnly day, in PartOrigin origin) => string.Create(CultureInfo.InvariantCulture,
        $"raw/{RawSchema.Version}/{table.Name}/venue={PathText.Encode(venue)}/date={day:yyyy-MM-dd}/part-{origin.TapeIdText}-{origin.FromSeq}-"
            + $"{origin.ToSeqExcl - 1}{(origin.Generation == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-g{origin.Generation}"))}.parquet");

    /// <summary>What the names of folded files begin with; a number follows.</summary>
    public const string MergedPrefix = "part-day-f";

    /// <summary>Whether a path names a folded file.</summary>
    public static bool IsMerged(string path) => path[(path.LastIndexOf('/') + 1)..].StartsWith(MergedPrefix, StringComparison.Ordinal);

    /// <summary>Where a superseded part goes, relative to the vault.</summary>
    public static string Archived(string relative) => $"archive/superseded/{relative}";

    /// <summary>The seal log of a vault.</summary>
    public static string SealLog(string vault) => EntryPath.Absolute(vault, "raw/seals.log");
}
