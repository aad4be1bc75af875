using Tape.Storage.Files;

namespace Tape.Storage.Journal;

/// <summary>Takes a line's JSON. Throws <see cref="FormatException"/> with what it found when the line can't stand at this place.</summary>
internal delegate void LineTaker(ReadOnlySpan<byte> json);

/// <summary>Where the whole lines of a log end; a torn last write may follow.</summary>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Chain">Behind the last of them.</param>
internal readonly record struct LogEnd(long Bytes, LineChain Chain);

/// <summary>Reads a log's bytes. Throws when they are damaged.</summary>
internal delegate LogEnd LogReader(ReadOnlySpan<byte> log);

/// <summary>
/// An append-only file of checked lines, each synced before the next is written. Opening cuts what a power cut may have left of the last write (any bytes,
/// line feeds among them); a bad line before a whole one is damage, and then nothing is changed. After a failed write this writer is broken until it is opened
/// again. Whoever opens it for writing holds the lock of its family. Not thread-safe.
/// </summary>
internal sealed class CheckedLog : IDisposable
{
    private const int WriteBytes = 1 << 20;

    private readonly IFiles _files;
    private readonly string _path;
    private readonly OwnerLock? _lock;
    private IFileHandle _file;
    private Exception? _broken;
    private long _length;
    private LineChain _chain;

    private CheckedLog(IFiles files, string path, OwnerLock? held, IFileHandle file, LogEnd end, long cutBytes) =>
        (_files, _path, _lock, _file, _length, _chain, CutBytes) = (files, path, held, file, end.Bytes, end.Chain, cutBytes);

    /// <summary>Bytes of a torn last write that opening cut; 0 when there were none.</summary>
    public long CutBytes { get; }

    /// <summary>How far it has come.</summary>
    public LogHead Head => _chain.Head;

    /// <summary>Opens for appending; creates the file when it is not there. All that it gives is durable.</summary>
    /// <param name="held">The lock of the log's family where the log is to keep it; freed with the log, but not when opening fails.</param>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static CheckedLog Open(IFiles files, string path, LogReader read, OwnerLock? held = null)
    {
        var isNew = !files.FileExists(path);
        var file = files.Open(path, isNew ? FileUse.CreateNew : FileUse.Write);
        try
        {
            if (isNew) files.SyncFolder(Path.GetDirectoryName(path)!);
            var bytes = ReadAll(file);
            var end = read(bytes);
            if (end.Bytes < bytes.Length) file.SetLength(end.Bytes);
            // What a killed writer left may be unsynced still, and what is acted on must be durable.
            if (bytes.Length > 0) file.Sync();
            return new(files, path, held, file, end, bytes.Length - end.Bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Open(IFiles, string, LogReader, OwnerLock?)"/>
    public static CheckedLog Open(IFiles files, string path, LineFormat format, LineTaker take) => Open(files, path, log => Walk(path, log, format, take));

    /// <summary>A chain that watches for a place.</summary>
    public static LineChain Watching(LogHead? expected)
    {
        var chain = new LineChain();
        chain.Watch(expected?.Lines ?? 0);
        return chain;
    }

    /// <summary>Opens for appending, holding the lock of the log's folder; makes folder and log where they are not there.</summary>
    /// <param name="what">What the folder holds, for the message of <see cref="OwnerLock.Take"/>.</param>
    /// <exception cref="OwnedElsewhereException">Another process writes it; the message names it.</exception>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static CheckedLog OpenLocked(IFiles files, string path, string what, OwnerInfo owner, LogReader read)
    {
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(files, folder);
        var held = OwnerLock.Take(files, folder, what, owner);
        try
        {
            return Open(files, path, read, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads the lines that are there, while others may append; none when there is no file.</summary>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    /// <param name="expected">How far it had come once: the chain watches for that place.</param>
    /// <returns>The chain behind the last of them.</returns>
    public static LineChain Read(IFiles files, string path, LineFormat format, LineTaker take, LogHead? expected = null) =>
        Walk(path, ReadBytes(files, path), format, take, Watching(expected)).Chain;

    /// <summary>The log as it is, while others may append; empty when there is no file.</summary>
    public static byte[] ReadBytes(IFiles files, string path)
    {
        if (!files.FileExists(path)) return [];
        using var file = files.Open(path, FileUse.Read);
        return ReadAll(file);
    }

    /// <summary>Goes over the whole lines.</summary>
    /// <param name="chain">Takes them in; null for one of its own.</param>
    /// <returns>Where they end; what follows is a torn write.</returns>
    /// <exception cref="UnknownVersionException">A newer program wrote a line.</exception>
    /// <exception cref="DamagedException">Damaged before the last write.</exception>
    public static LogEnd Walk(string path, ReadOnlySpan<byte> log, LineFormat format, LineTaker take, LineChain? chain = null)
    {
        chain ??= new LineChain();
        var at = 0;
        while (log[at..].IndexOf((byte)'\n') is var length && (length >= 0 || at < log.Length))
        {
            if (length < 0 || !CheckedLine.TryRead(log.Slice(at, length), out var json))
            {
                if (CheckedLine.IsFollowedByAnother(log[at..]))
                    throw Damaged("a line that does not match its checksum, with whole lines after it", null);
                break;
            }
            try
            {
                format.RequireKnown(path, at, json);
                take(chain.Take(json));
            }
            catch (Exception fault) when (JsonFaults.IsFault(fault))
            {
                throw Damaged(fault.Message, fault);
            }
            at += length + 1;
        }
        return new(at, chain);

        DamagedException Damaged(string found, Exception? inner) => new($"{path}: at byte {at}: found {found}", format.Hint, inner);
    }

    /// <summary>Writes a whole log, synced, to be moved into its place.</summary>
    /// <returns>Its end.</returns>
    public static LogEnd WriteWhole(IFiles files, string path, IEnumerable<byte[]> entries)
    {
        using var file = files.Open(path, FileUse.Replace);
        var (length, waiting, chain) = (0L, new MemoryStream(), new LineChain());
        foreach (var json in entries)
        {
            waiting.Write(chain.Write(json));
            if (waiting.Length >= WriteBytes) Flush();
        }

        Flush();
        file.Sync();
        return new(length, chain);

        void Flush()
        {
            file.Write(length, waiting.GetBuffer().AsSpan(0, (int)waiting.Length));
            length += waiting.Length;
            waiting.SetLength(0);
        }
    }

    /// <summary>Puts a whole log in the place of what is there, which nobody writes; durable when this returns.</summary>
    /// <returns>How far it has come.</returns>
    public static LogHead Replace(IFiles files, string path, IEnumerable<byte[]> entries)
    {
        var end = WriteWhole(files, path + ".new", entries);
        files.Move(path + ".new", path, overwrite: true);
        files.SyncFolder(Path.GetDirectoryName(path)!);
        return end.Chain.Head;
    }

    /// <summary>Appends a line; it is durable when this returns.</summary>
    /// <param name="what">The line, for messages.</param>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void Append(ReadOnlySpan<byte> json, string what = "a line")
    {
        ThrowIfBroken();
        var line = _chain.Write(json);
        try
        {
            _file.Write(_length, line);
            _file.Sync();
        }
        catch (Exception fault) when (fault is IOException or TapeException)
        {
            _broken = fault;
            throw new WriterBrokenException($"{_path}: {what} could not be written at byte {_length}: {fault.Message}", fault);
        }
        _length += line.Length;
    }

    /// <summary>Takes the file of <see cref="WriteWhole"/> in the place of its own; durable when this returns.</summary>
    /// <returns>False when somebody has the log open (Windows): nothing was changed then.</returns>
    /// <exception cref="WriterBrokenException">It could not be exchanged.</exception>
    public bool TryExchange(string path, LogEnd end)
    {
        ThrowIfBroken();
        try
        {
            // Windows does not replace what is open, by ourselves neither.
            _file.Dispose();
            var isDone = InUse.TryReplace(_files, path, _path);
            _file = _files.Open(_path, FileUse.Write);
            if (!isDone) return false;
            _files.SyncFolder(Path.GetDirectoryName(_path)!);
            (_length, _chain) = (end.Bytes, end.Chain);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or TapeException)
        {
            _broken = fault;
            throw new WriterBrokenException($"{_path} could not be exchanged for a shorter one: {fault.Message}", fault);
        }
    }

    /// <exception cref="WriterBrokenException">An earlier write failed.</exception>
    public void ThrowIfBroken()
    {
        if (_broken is not null) throw new WriterBrokenException($"{_path}: an earlier write failed: {_broken.Message}", _broken);
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }

    private static byte[] ReadAll(IFileHandle file)
    {
        var bytes = new byte[checked((int)file.Length)];
        return file.Read(0, bytes) is var read && read == bytes.Length ? bytes : bytes[..read];
    }
}
