using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Storage.Vaults;

/// <summary>
/// <c>vault.json</c>: what makes a folder a vault. Recorders put it into a missing or empty folder, <c>tape init --vault</c> into one that a desk has already;
/// commands that ask refuse a folder without it, so that a wrong name is an error and no empty answer.
/// </summary>
/// <param name="Format">Version of the vault's layout.</param>
/// <param name="Id">Tells this vault from any other, copies apart: 32 hexadecimal digits.</param>
/// <param name="Created">When it was marked.</param>
public sealed record VaultMarker(int Format, string Id, DateTimeOffset Created)
{
    /// <summary>Its name in the vault.</summary>
    public const string FileName = "vault.json";

    /// <summary>The version that this program knows.</summary>
    public const int Known = 1;

    private const int BytesMax = 1 << 16;

    /// <summary>
    /// What a vault has that no desk brings, with what else may lie there: a configuration, and what a disk's own programs put at its root. A folder with
    /// nothing but these is a vault of an earlier program, or none yet.
    /// </summary>
    private static readonly string[] Own =
    [
        "tape", "answers", "raw", "compact", "quality", "logs", "api", "tmp", "archive", "tape.yaml", ".env", "lost+found", "System Volume Information",
        "$RECYCLE.BIN", ".DS_Store", ".gitignore", "desktop.ini",
    ];

    /// <summary>The marker of a vault; null where there is none.</summary>
    /// <exception cref="UnknownVersionException">A newer program made the vault.</exception>
    /// <exception cref="DamagedException">It can't be read.</exception>
    public static VaultMarker? Read(IFiles files, string vault)
    {
        var path = PathIn(vault);
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path, FileUse.Read);
        var bytes = new byte[(int)Math.Min(file.Length, BytesMax)];
        try
        {
            var marker = JsonSerializer.Deserialize(bytes.AsSpan(0, file.Read(0, bytes)), VaultJson.Default.VaultMarker);
            if (marker is { Format: > Known }) throw new UnknownVersionException(path, $"a vault of format {marker.Format}", $"format {Known}");
            if (marker is { Format: > 0, Id.Length: 32 } && marker.Id.All(char.IsAsciiHexDigitLower)) return marker;
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw Damaged(path, fault.Message, fault);
        }

        throw Damaged(path, "no format, or no id of 32 hexadecimal digits", null);
    }

    /// <summary>Refuses a folder that is no vault. One of an earlier program, without a marker but with a tape or tables, is one.</summary>
    /// <exception cref="TapeException">It is none; the message says what is there instead.</exception>
    public static void Require(IFiles files, string vault)
    {
        if (Read(files, vault) is not null || files.ListFolders(vault).Any(name => name is "tape" or "raw")) return;
        var found = Names(files, vault);
        throw new TapeException(
            $"{vault} is no vault: found {(found.Count == 0 ? "no folder, or an empty one" : Listed(found))}, expected {FileName}",
            "Name the vault's folder with --vault. 'tape collect' makes a new one; 'tape init --vault FOLDER' takes a folder that is there already.");
    }

    /// <summary>Marks a folder that is missing, empty, or a vault of an earlier program.</summary>
    /// <exception cref="TapeException">It is something else; nothing was changed.</exception>
    public static void Ensure(IFiles files, string vault, TimeProvider time, Random chance)
    {
        if (Read(files, vault) is not null) return;
        var others = Names(files, vault).Except(Own, StringComparer.OrdinalIgnoreCase).ToList();
        if (others.Count > 0)
            throw new TapeException($"{vault} is no vault: found {Listed(others)}, expected {FileName}, or an empty folder",
                $"Nothing was changed. If the vault is to be there beside them, say so once: tape init --vault \"{vault}\". Else name another folder.");
        Write(files, vault, time, chance);
    }

    /// <summary>Marks a folder whatever is in it.</summary>
    /// <returns>False when it was marked before.</returns>
    public static bool Adopt(IFiles files, string vault, TimeProvider time, Random chance)
    {
        if (Read(files, vault) is not null) return false;
        Write(files, vault, time, chance);
        return true;
    }

    /// <summary>Names of files and folders of a folder, in order.</summary>
    public static IReadOnlyList<string> Names(IFiles files, string folder) =>
        [.. files.ListFolders(folder).Concat(files.ListFiles(folder)).Order(StringComparer.Ordinal)];

    private static void Write(IFiles files, string vault, TimeProvider time, Random chance)
    {
        var id = new byte[16];
        chance.NextBytes(id);
        var marker = new VaultMarker(Known, Convert.ToHexStringLower(id), time.GetUtcNow());
        WholeFile.Replace(files, PathIn(vault), JsonSerializer.SerializeToUtf8Bytes(marker, VaultJson.Default.VaultMarker));
    }

    private static string PathIn(string vault) => Path.Combine(vault, FileName);

    private static string Listed(IReadOnlyList<string> names)
    {
        const int Shown = 3;
        return $"{string.Join(", ", names.Take(Shown).Select(name => $"'{name}'"))}{(names.Count > Shown ? $" and {names.Count - Shown} more" : "")}";
    }

    private static DamagedException Damaged(string path, string found, Exception? inner) => new($"{path}: found {found}, expected a vault's marker",
        "Bring it back from a copy of this vault, or delete it and run 'tape init --vault FOLDER', which gives the vault a new id.", inner);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(VaultMarker))]
internal sealed partial class VaultJson : JsonSerializerContext;
