using Tape.Core.Errors;
using Tape.Core.Files;

namespace Tape.Storage.Journal;

/// <summary>Takes a line's JSON. Throws <see cref="FormatException"/> with what it found when the line can't stand at this place.</summary>
internal delegate void LineTaker(ReadOnlySpan<byte> json);

/// <summary>
/// An append-only file of checked lines, each synced before the next is written. Opening cuts what a power cut may have left of the last write (any bytes,
/// line feeds among them); a bad line before a whole one is damage, and then nothing is changed. After a failed write this writer is broken until it is opened
/// again. Whoever opens it for writing holds the lock of its family. Not thread-safe.
/// </summary>
internal sealed class CheckedLog : IDisposable
{
    private readonly string _path;
    private readonly IFileHandle _file;
    private Exception? _broken;
    private long _length;

    private CheckedLog(string path, IFileHandle file, long length, long cutBytes) => (_path, _file, _length, CutBytes) = (path, file, length, cutBytes);

    /// <summary>Bytes of a torn last write that opening cut; 0 when there were none.</summary>
    public long CutBytes { get; }

    /// <summary>Opens for appending; creates the file when it is not there. All that it gives is durable.</summary>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static CheckedLog Open(IFiles files, string path, string hint, LineTaker take)
    {
        var isNew = !files.FileExists(path);
        var file = files.Open(path, isNew ? FileUse.CreateNew : FileUse.Write);
        try
        {
            if (isNew) files.SyncFolder(Path.GetDirectoryName(path)!);
            var bytes = ReadAll(file);
            var whole = Walk(path, bytes, hint, take);
            if (whole < bytes.Length) file.SetLength(whole);
            // What a killed writer left may be unsynced still, and what is acted on must be durable.
            if (bytes.Length > 0) file.Sync();
            return new(path, file, whole, bytes.Length - whole);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the lines that are there, while others may append; none when there is no file.</summary>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static void Read(IFiles files, string path, string hint, LineTaker take)
    {
        if (!files.FileExists(path)) return;
        using var file = files.Open(path, FileUse.Read);
        Walk(path, ReadAll(file), hint, take);
    }

    /// <summary>Goes over the whole lines.</summary>
    /// <returns>Their bytes; what follows is a torn write.</returns>
    /// <exception cref="UnknownVersionException">A newer program wrote a line.</exception>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static long Walk(string path, ReadOnlySpan<byte> log, string hint, LineTaker take)
    {
        var at = 0;
        while (log[at..].IndexOf((byte)'\n') is var length && (length >= 0 || at < log.Length))
        {
            if (length < 0 || !CheckedLine.TryRead(log.Slice(at, length), out var json))
            {
                if (CheckedLine.IsFollowedByAnother(log[at..]))
                    throw Damaged(path, at, "a line that does not match its checksum, with whole lines after it", hint, null);
                break;
            }
            LineVersion.Require(path, at, json);
            try
            {
                take(json);
            }
            catch (Exception fault) when (fault is FormatException or System.Text.Json.JsonException)
            {
                LineVersion.RequireKnownEntry(path, at, fault, json);
                throw Damaged(path, at, fault.Message, hint, fault);
            }
            at += length + 1;
        }
        return at;
    }

    /// <summary>Appends a line; it is durable when this returns.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void Append(ReadOnlySpan<byte> json)
    {
        if (_broken is not null) throw new WriterBrokenException($"{_path}: an earlier write failed: {_broken.Message}", _broken);
        var line = CheckedLine.Write(json);
        try
        {
            _file.Write(_length, line);
            _file.Sync();
        }
        catch (Exception fault) when (fault is IOException or TapeException)
        {
            _broken = fault;
            throw new WriterBrokenException($"{_path}: a line could not be written at byte {_length}: {fault.Message}", fault);
        }
        _length += line.Length;
    }

    public void Dispose() => _file.Dispose();

    private static DamagedException Damaged(string path, int at, string found, string hint, Exception? inner) =>
        new($"{path}: at byte {at}: found {found}", hint, inner);

    private static byte[] ReadAll(IFileHandle file)
    {
        var bytes = new byte[checked((int)file.Length)];
        return bytes[..file.Read(0, bytes)];
    }
}
