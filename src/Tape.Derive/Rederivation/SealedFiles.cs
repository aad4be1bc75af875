using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Derive.Rederivation;

/// <summary>Looks whether the files of seals hold what the seals say. Changes nothing. Not thread-safe.</summary>
internal sealed class SealedFiles(IFiles files, string vault) : IDisposable
{
    private readonly Lazy<PartReader> _parts = new(() => PartReader.Open(new DuckDbOptions()));

    private readonly SealedPlaces _places = new(files, vault);

    /// <summary>What is wrong with the files of a seal, a sentence each.</summary>
    public IReadOnlyList<string> Faults(SealEntry seal) => [.. seal.Files.Select(file => _places.FaultOf(seal, file, FaultOf)).OfType<string>()];

    public void Dispose()
    {
        if (_parts.IsValueCreated) _parts.Value.Dispose();
    }

    private string? FaultOf(SealedFile file)
    {
        if (EntryPath.Refusal(files, vault, file.Path) is { } refused) return refused.Message;
        var path = EntryPath.Absolute(vault, file.Path);
        if (!files.FileExists(path)) return $"{file.Path} is missing";
        if (RawSchema.Find(file.Table) is not { } table) return $"{file.Path} is of a table '{file.Table}', which schema {RawSchema.Version} does not have";
        if (file.Checksum is { } expected && PartChecksum.Of(files, path) is var checksum && checksum != expected)
            return $"{file.Path} has checksum {checksum}, expected {expected}";
        try
        {
            var found = _parts.Value.Read(table, path);
            return (found.Rows, found.Hash.ToString()) == (file.Rows, file.Hash)
                ? null : $"{file.Path} has {found.Rows} rows with hash {found.Hash}, expected {file.Rows} with {file.Hash}";
        }
        catch (DamagedException fault)
        {
            return fault.Message;
        }
    }
}
