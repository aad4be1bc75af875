using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Seals;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Derive.Sealing;

/// <summary>Something in which a sealed range differs from what its records derive to now.</summary>
/// <param name="Text">What, as a sentence without its subject, the seal.</param>
/// <param name="Part">Of which part; null when no rows of a part differ.</param>
/// <param name="Stored">The file that the seal has for that part; null for none.</param>
/// <param name="Buffer">Holds the rows that were derived for it; null for none.</param>
/// <param name="Derived">Which rows of the buffer they are.</param>
public sealed record SealDifference(string Text, PartDifference? Part = null, SealedFile? Stored = null, RowBuffer? Buffer = null, PartRows? Derived = null);

/// <summary>The one comparison of a sealed range with what it derives to, by the hashes of its rows. Pure; reads no part.</summary>
public static class SealComparison
{
    /// <summary>
    /// All differences: parts in the order of the derived rows, then parts without any, undecodable frames, streams, the state at the end. Empty when all is
    /// the same.
    /// </summary>
    public static IReadOnlyList<SealDifference> Differences(SealEntry seal, RowDeriver deriver)
    {
        var missing = ByKey(seal);
        var differences = new List<SealDifference>();
        foreach (var buffer in deriver.Rows.Buffers)
            foreach (var part in buffer.Split())
                if (Difference(buffer, part, missing) is { } difference) differences.Add(difference);
        differences.AddRange(missing.Values.Select(file =>
            new SealDifference($"{file.Path} has no rows; stored are {file.Rows}", new(file.Table, file.Venue, file.Day, file.Rows, 0), file)));
        if (deriver.Undecodable != seal.Undecodable) differences.Add(new($"{deriver.Undecodable} frames are undecodable; the seal says {seal.Undecodable}"));
        if (!deriver.Statistics().SequenceEqual(seal.Streams)) differences.Add(new("its streams differ from those it says"));
        if (seal.State is { } state && DerivationState.Parse(state.GetRawText()).ToJson() != deriver.State.ToJson())
            differences.Add(new("the state at its end differs from the one it says"));
        return differences;
    }

    /// <summary>The parts in which two seals of the same range differ.</summary>
    public static IReadOnlyList<PartDifference> Differences(SealEntry old, SealEntry next)
    {
        var missing = ByKey(old);
        var differences = new List<PartDifference>();
        foreach (var file in next.Files)
            if (!missing.Remove(KeyOf(file), out var stored) || stored.Rows != file.Rows || stored.Hash != file.Hash)
                differences.Add(new(file.Table, file.Venue, file.Day, stored?.Rows ?? 0, file.Rows));
        differences.AddRange(missing.Values.Select(file => new PartDifference(file.Table, file.Venue, file.Day, file.Rows, 0)));
        return differences;
    }

    private static SealDifference? Difference(RowBuffer buffer, PartRows part, Dictionary<PartKey, SealedFile> missing)
    {
        missing.Remove(new(buffer.Table.Name, part.Venue, part.Day), out var file);
        var hash = buffer.Hash(part.Rows).ToString();
        if (file is not null && part.Rows.Length == file.Rows && hash == file.Hash) return null;
        var text = file is null
            ? $"{part.Rows.Length} rows of {buffer.Table} of {part.Venue} on {part.Day:yyyy-MM-dd}, for which it has no file"
            : $"{file.Path} has {part.Rows.Length} rows with hash {hash}; stored are {file.Rows} with {file.Hash}";
        return new(text, new(buffer.Table.Name, part.Venue, part.Day, file?.Rows ?? 0, part.Rows.Length), file, buffer, part);
    }

    private static Dictionary<PartKey, SealedFile> ByKey(SealEntry seal) => seal.Files.ToDictionary(KeyOf);

    private static PartKey KeyOf(SealedFile file) => new(file.Table, file.Venue, file.Day);

    private sealed record PartKey(string Table, string Venue, DateOnly Day);
}
