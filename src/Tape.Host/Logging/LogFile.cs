using Tape.Core.Logging;
using Tape.Storage.Journal;

namespace Tape.Host.Logging;

/// <summary>
/// Log lines into <c>logs/recorder.jsonl</c> of the vault (or another name), and onto another stream where there is one. At 16 MiB the file becomes
/// <c>recorder.1.jsonl</c>; four older ones are kept. While somebody has one of them open where that keeps it from being renamed (Windows), the file goes on
/// growing and it is tried again at every further MiB. When the folder is gone with its disk, lines go to the other stream only, and the file is written again
/// once the folder is back. The tape, not the log, is the record: lines are not synced.
/// </summary>
public sealed class LogFile : ILogSink, IDisposable
{
    /// <summary>Bytes at which the file gets another name.</summary>
    public const long BytesMax = 16 << 20;

    private const long TryAgainBytes = 1 << 20;
    private const int OlderKept = 4;

    private readonly IFiles _files;
    private readonly string _folder;
    private readonly string _name;
    private readonly string _path;
    private readonly Stream? _echo;
    private readonly OwnerLock _lock;
    private IFileHandle? _file;
    private byte[] _line = new byte[1024];
    private long _length;
    private long _rollAt = BytesMax;

    /// <param name="folder">Created when absent.</param>
    /// <param name="echo">Standard output where it is not a terminal; not owned.</param>
    /// <param name="owner">This process.</param>
    /// <param name="name">Of the file, without its end; that of the process that writes it.</param>
    /// <exception cref="OwnedElsewhereException">Another process writes it: two would overwrite each other's lines.</exception>
    public LogFile(IFiles files, string folder, Stream? echo, OwnerInfo owner, string name = "recorder")
    {
        (_files, _folder, _name, _path, _echo) = (files, folder, name, Path.Combine(folder, $"{name}.jsonl"), echo);
        files.CreateFolder(folder);
        _lock = OwnerLock.Take(files, folder, $"log of the {name}", owner, name);
        Open();
    }

    /// <summary>Writes to both places; trouble with one does not keep the line from the other.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        var whole = WithLineFeed(line);
        try
        {
            _echo?.Write(whole);
            _echo?.Flush();
        }
        finally
        {
            WriteToFile(whole);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _lock.Dispose();
    }

    private ReadOnlySpan<byte> WithLineFeed(ReadOnlySpan<byte> line)
    {
        if (_line.Length <= line.Length) _line = new byte[line.Length * 2];
        line.CopyTo(_line);
        _line[line.Length] = (byte)'\n';
        return _line.AsSpan(0, line.Length + 1);
    }

    private void WriteToFile(ReadOnlySpan<byte> line)
    {
        if (_file is null || !_files.FileExists(_path)) OpenAgain();
        if (_length + line.Length > _rollAt) Roll();
        _file!.Write(_length, line);
        _length += line.Length;
    }

    private void OpenAgain()
    {
        Close();
        Open();
    }

    private void Open()
    {
        _file = _files.Open(_path, _files.FileExists(_path) ? FileUse.Write : FileUse.CreateNew);
        _length = _file.Length;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Names are changed while the file is closed; whatever fails then, it is opened again and takes lines.</summary>
    private void Roll()
    {
        Close();
        try
        {
            for (var age = OlderKept - 1; age >= 1; age--)
                if (_files.FileExists(Older(age))) _files.Move(Older(age), Older(age + 1), overwrite: true);
            _files.Move(_path, Older(1), overwrite: true);
            _rollAt = BytesMax;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Somebody reads one of them. A long log is better than a lost line.
            _rollAt += TryAgainBytes;
        }

        Open();
    }

    private string Older(int age) => Path.Combine(_folder, $"{_name}.{age}.jsonl");
}
