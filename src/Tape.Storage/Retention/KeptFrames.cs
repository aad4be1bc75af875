using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;

namespace Tape.Storage.Retention;

/// <summary>
/// Copies of the undecodable frames of one seal, for the time when the tape has expired: a file of checked lines in <c>tape/kept/</c>, there whole or not at
/// all. A seal without such frames has no file. Not thread-safe.
/// </summary>
internal sealed class KeptFrames : IDisposable
{
    public const string Suffix = ".kept";
    private const string TemporarySuffix = ".new";
    private readonly IFiles _files;
    private readonly string _folder;
    private readonly string _path;
    private readonly long _bytesMax;
    private IFileHandle? _file;
    private long _length;

    /// <param name="folder">The folder of kept frames.</param>
    /// <param name="bytesMax">Bytes that may be added to it.</param>
    public KeptFrames(IFiles files, string folder, string tape, long sealFromSeq, long bytesMax) =>
        (_files, _folder, _path, _bytesMax) =
            (files, folder, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{tape}-{sealFromSeq:D16}{Suffix}")), bytesMax);

    /// <summary>Whether frames were left out because the limit is reached.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The folder of a tape.</summary>
    public static string FolderOf(string tapeFolder) => Path.Combine(tapeFolder, "kept");

    /// <summary>Bytes of all kept files.</summary>
    public static long UsedBytes(IFiles files, string folder) =>
        files.ListFiles(folder).Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Sum(name => files.FileLength(Path.Combine(folder, name)));

    /// <summary>Removes what a cut run left.</summary>
    public static void Clean(IFiles files, string folder)
    {
        foreach (var name in files.ListFiles(folder))
            if (name.EndsWith(Suffix + TemporarySuffix, StringComparison.Ordinal)) files.Delete(Path.Combine(folder, name));
    }

    /// <summary>Adds a frame, unless the limit is reached.</summary>
    public void Add(in TapeRecord record, string reason)
    {
        if (IsFull) return;
        var (text, binary) = Utf8.IsValid(record.Payload) ? (Encoding.UTF8.GetString(record.Payload), null) : ((string?)null, record.Payload.ToArray());
        var frame = new KeptFrame(record.Seq, record.Connection, record.Time.Value, reason, text, binary);
        var line = CheckedLine.Write(JsonSerializer.SerializeToUtf8Bytes(frame, KeptFrameJson.Default.KeptFrame));
        IsFull = _length + line.Length > _bytesMax;
        if (IsFull) return;
        _file ??= _files.Open(_path + TemporarySuffix, FileUse.Replace);
        _file.Write(_length, line);
        _length += line.Length;
    }

    /// <summary>Makes the file durable under its name; one of the same seal from before is replaced.</summary>
    public void Complete()
    {
        if (_file is null) return;
        _file.Sync();
        _file.Dispose();
        _file = null;
        _files.Move(_path + TemporarySuffix, _path, overwrite: true);
        _files.SyncFolder(_folder);
    }

    /// <summary>Closes what was not completed; the next <see cref="Clean"/> removes it.</summary>
    public void Dispose() => _file?.Dispose();
}

/// <summary>A line of a file of kept frames.</summary>
/// <param name="Text">The frame, where it is UTF-8.</param>
/// <param name="Base64">The frame, where it is not.</param>
internal sealed record KeptFrame(long Seq, long Conn, long Time, string Reason, string? Text, byte[]? Base64);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptFrame))]
internal sealed partial class KeptFrameJson : JsonSerializerContext;
