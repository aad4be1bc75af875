using Tape.Core.Errors;
using Tape.Core.Files;

namespace Tape.TestKit.Files;

/// <summary>
/// Files in a real folder on a disk that fails as scripted: errors, short and torn writes, a full disk, power loss. It knows what is durable, the same way
/// a strict disk does: bytes after a sync of their file, names after a sync of their folder; all that was there when it was made is durable.
/// A power loss undoes the last unsynced name changes and loses, keeps or tears unsynced bytes, as the seed decides. Files that others wrote into the folder
/// without this seam count as unsynced until synced through it. Thread-safe; folders themselves are durable at once.
/// Where the rules of Windows hold (<see cref="TestDisk"/>) there is no sync of folders. As NTFS does it, names and lengths go into one journal in their order,
/// and any sync of a file makes all of it durable that was there by then.
/// </summary>
public sealed class FaultyFiles : IFiles
{
    private readonly Lock _gate = new();
    private readonly IFiles _disk = TestDisk.Files;
    private readonly bool _hasJournal = TestDisk.HasWindowsRules;
    private readonly Random _chance;
    private readonly string _shadow;
    private readonly Dictionary<string, DurableFile> _durable = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unsyncedNames = [];
    private readonly List<FaultyHandle> _open = [];
    private readonly List<IDisposable> _locks = [];
    private int _faultAt = -1;
    private Fault _fault;
    private bool _isDown;
    private bool _isFull;
    private int _shadows;

    /// <param name="root">An existing folder; every path must lie in it.</param>
    /// <param name="seed">Decides what a crash leaves.</param>
    public FaultyFiles(string root, int seed)
    {
        Root = root;
        _chance = new Random(seed);
        _shadow = Path.Combine(root, ".shadow");
        foreach (var path in AllFiles()) _durable[path] = new(new FileInfo(path).Length);
    }

    public string Root { get; }

    /// <summary>
    /// Operations so far that change something: open to create or replace, write, sync, set length, create folder, move, delete, sync folder.
    /// </summary>
    public int Operations { get; private set; }

    /// <summary>Bytes that all files may hold together; a write beyond puts what fits and throws. Null: no limit.</summary>
    public long? CapacityBytes { get; set; }

    /// <summary>Called inside a write that ran out of room, after its part was written: what another process could see at that moment.</summary>
    public Action? WhenFull { get; set; }

    /// <summary>Bytes that all files hold.</summary>
    public long UsedBytes => AllFiles().Sum(path => new FileInfo(path).Length);

    /// <summary>Called at the moment of a power cut, on the thread that met it.</summary>
    public Action? WentDown { get; set; }

    /// <summary>Lets the n-th operation from the start (1-based) fail.</summary>
    public void FailAt(int operationNumber, Fault fault) => (_faultAt, _fault) = (operationNumber, fault);

    /// <summary>Ends a scripted full disk.</summary>
    public void FreeSpace() => _isFull = false;

    /// <summary>Cuts the power now.</summary>
    public void Crash()
    {
        lock (_gate) GoDown();
    }

    /// <summary>Starts the machine again, on what the disk kept. Old handles stay dead.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            WentDown = null;
            GoDown();
            foreach (var path in AllFiles()) _durable[path] = new(new FileInfo(path).Length);
            if (Directory.Exists(_shadow)) Directory.Delete(_shadow, recursive: true);
            (_isDown, _isFull, _faultAt) = (false, false, -1);
        }
    }

    public IFileHandle Open(string path, FileUse use)
    {
        lock (_gate)
        {
            ThrowIfDown();
            var exists = File.Exists(path);
            if (use is FileUse.CreateNew or FileUse.Replace) Operation(path);
            if (use == FileUse.Replace && exists) KeepContent(path);
            var inner = _disk.Open(path, use);
            if (!exists) NameChanged(new(path, null, null, null));
            var handle = new FaultyHandle(this, path, inner);
            _open.Add(handle);
            return handle;
        }
    }

    public bool FileExists(string path) => Look(() => _disk.FileExists(path));

    public bool IsLink(string path) => Look(() => _disk.IsLink(path));

    public long FileLength(string path) => Look(() => _disk.FileLength(path));

    public IReadOnlyList<string> ListFiles(string folder) => Look(() => _disk.ListFiles(folder));

    public IReadOnlyList<string> ListFolders(string folder) => Look(() => _disk.ListFolders(folder).Where(name => name != ".shadow").ToArray());

    public void CreateFolder(string path, bool isPrivate = false)
    {
        lock (_gate)
        {
            Operation(path);
            _disk.CreateFolder(path, isPrivate);
        }
    }

    public void Move(string from, string to, bool overwrite)
    {
        lock (_gate)
        {
            Operation(to);
            var replaced = overwrite && File.Exists(to) ? Stash(to) : null;
            var replacedState = replaced is null ? null : _durable.GetValueOrDefault(to);
            _disk.Move(from, to, overwrite);
            NameChanged(new(to, from, replaced, replacedState));
            if (_durable.Remove(from, out var state)) _durable[to] = state;
            else _durable.Remove(to);
            foreach (var handle in _open.Where(handle => handle.Path == from)) handle.Path = to;
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            Operation(path);
            if (!File.Exists(path)) return;
            var stash = Stash(path);
            _disk.Delete(path);
            NameChanged(new(path, null, stash, _durable.GetValueOrDefault(path)));
            _durable.Remove(path);
        }
    }

    public void SyncFolder(string path)
    {
        lock (_gate)
        {
            Operation(path);
            if (_hasJournal) return;
            // A move between folders is one step for the file system: it is durable with the name in the folder that it led to.
            _unsyncedNames.RemoveAll(change => Path.GetDirectoryName(change.Path) == path);
        }
    }

    public long FreeBytes(string path) => Look(() => _isFull ? 0 : CapacityBytes is { } capacity ? Math.Max(0, capacity - UsedBytes) : long.MaxValue);

    public IDisposable? TryLock(string path)
    {
        lock (_gate)
        {
            ThrowIfDown();
            var held = _disk.TryLock(path);
            if (held is not null) _locks.Add(held);
            return held;
        }
    }

    internal T Look<T>(Func<T> look)
    {
        lock (_gate)
        {
            ThrowIfDown();
            return look();
        }
    }

    internal void Write(string path, IFileHandle inner, long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (Next() is { } fault) FailWrite(fault, path, inner, offset, bytes);
            KeepContentBefore(path, offset);
            var room = _isFull ? 0 : CapacityBytes is { } capacity ? Math.Max(0, capacity - UsedBytes) : long.MaxValue;
            var growth = Math.Max(0, offset + bytes.Length - inner.Length);
            if (growth > room)
            {
                Put(path, inner, offset, bytes[..(int)Math.Max(0, bytes.Length - (growth - room))]);
                WhenFull?.Invoke();
                throw Full(path);
            }
            Put(path, inner, offset, bytes);
        }
    }

    internal void Sync(string path, IFileHandle inner)
    {
        lock (_gate)
        {
            // What is durable is bookkeeping here: the real disk under the temporary folder need not be waited for.
            Operation(path);
            if (File.Exists(path)) _durable[path] = new(inner.Length);
            if (_hasJournal) _unsyncedNames.Clear();
        }
    }

    internal void SetLength(string path, IFileHandle inner, long length)
    {
        lock (_gate)
        {
            Operation(path);
            if (length < inner.Length) KeepContentBefore(path, length);
            inner.SetLength(length);
        }
    }

    internal void Closed(FaultyHandle handle)
    {
        lock (_gate) _open.Remove(handle);
    }

    private Fault? Next()
    {
        ThrowIfDown();
        return ++Operations == _faultAt ? _fault : null;
    }

    private void Operation(string path)
    {
        switch (Next())
        {
            case null: return;
            case Fault.Error or Fault.ShortWrite: throw new IOException($"{path}: a scripted error at operation {Operations}");
            case Fault.DiskFull:
                _isFull = true;
                throw Full(path);
            default:
                GoDown();
                throw new CrashException();
        }
    }

    private void FailWrite(Fault fault, string path, IFileHandle inner, long offset, ReadOnlySpan<byte> bytes)
    {
        if (fault is Fault.Error or Fault.Crash) Stop(fault, path);
        KeepContentBefore(path, offset);
        if (fault == Fault.Torn) Put(path, inner, offset, Tear(bytes));
        else Put(path, inner, offset, bytes[.._chance.Next(bytes.Length)]);
        Stop(fault, path);
    }

    private void Put(string path, IFileHandle inner, long offset, ReadOnlySpan<byte> bytes)
    {
        if (_hasJournal && offset + bytes.Length > inner.Length) NameChanged(new(path, null, null, null) { GrownFrom = inner.Length });
        inner.Write(offset, bytes);
    }

    private void Stop(Fault fault, string path)
    {
        if (fault is Fault.Error or Fault.ShortWrite) throw new IOException($"{path}: a scripted error at operation {Operations}");
        if (fault == Fault.DiskFull)
        {
            _isFull = true;
            throw Full(path);
        }
        GoDown();
        throw new CrashException();
    }

    /// <summary>Some 512-byte pieces as written, the others zeros or garbage, and maybe the end missing.</summary>
    private byte[] Tear(ReadOnlySpan<byte> bytes)
    {
        var torn = bytes[.._chance.Next(bytes.Length + 1)].ToArray();
        for (var at = 0; at < torn.Length; at += 512)
        {
            var piece = torn.AsSpan(at, Math.Min(512, torn.Length - at));
            var fate = _chance.Next(4);
            if (fate == 0) piece.Clear();
            if (fate == 1) _chance.NextBytes(piece);
        }
        return torn;
    }

    private void GoDown()
    {
        if (_isDown) return;
        _isDown = true;
        WentDown?.Invoke();
        foreach (var handle in _open) handle.Kill();
        foreach (var held in _locks) held.Dispose();
        _open.Clear();
        _locks.Clear();
        UndoNames();
        foreach (var path in AllFiles()) LoseUnsynced(path);
        _durable.Clear();
    }

    /// <summary>The last of the unsynced name changes, a random number of them, never happened.</summary>
    private void UndoNames()
    {
        var kept = _chance.Next(_unsyncedNames.Count + 1);
        for (var index = _unsyncedNames.Count - 1; index >= kept; index--)
        {
            var change = _unsyncedNames[index];
            if (change.GrownFrom is { } length)
            {
                Shrink(change.Path, length);
                continue;
            }
            var state = _durable.GetValueOrDefault(change.Path);
            if (change.From is not null && File.Exists(change.Path)) File.Move(change.Path, change.From);
            else File.Delete(change.Path);
            if (change.From is not null && state is not null) _durable[change.From] = state;
            _durable.Remove(change.Path);
            if (change.Stash is null) continue;
            File.Move(change.Stash, change.Path);
            if (change.StashState is { } old) _durable[change.Path] = old;
        }
        _unsyncedNames.Clear();
    }

    private static void Shrink(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(Math.Min(file.Length, length));
    }

    private void LoseUnsynced(string path)
    {
        var durable = _durable.GetValueOrDefault(path) ?? new DurableFile(0);
        var now = File.ReadAllBytes(path);
        var shared = Math.Min(Math.Min(durable.Length, durable.ValidTo), now.Length);
        if (durable.Content is null && shared == now.Length && durable.Length == now.Length) return;
        switch (_chance.Next(3))
        {
            case 0 when durable.Content is { } content: File.WriteAllBytes(path, content); return;
            case 0: File.WriteAllBytes(path, now[..(int)shared]); return;
            case 1: File.WriteAllBytes(path, [.. now[..(int)shared], .. Tear(now.AsSpan((int)shared))]); return;
            default: return;
        }
    }

    /// <summary>Before durable bytes are overwritten or cut, keeps them, so that a crash can bring them back.</summary>
    private void KeepContentBefore(string path, long offset)
    {
        if (_durable.TryGetValue(path, out var state) && offset < state.ValidTo && offset < state.Length) KeepContent(path, offset);
    }

    private void KeepContent(string path, long validTo = 0)
    {
        if (!_durable.TryGetValue(path, out var state)) return;
        var content = state.Content ?? File.ReadAllBytes(path)[..(int)Math.Min(state.Length, new FileInfo(path).Length)];
        _durable[path] = state with { Content = content, ValidTo = Math.Min(state.ValidTo, validTo) };
    }

    private void NameChanged(NameChange change) => _unsyncedNames.Add(change);

    private string Stash(string path)
    {
        Directory.CreateDirectory(_shadow);
        var stash = Path.Combine(_shadow, $"{_shadows++}");
        File.Copy(path, stash);
        return stash;
    }

    private string[] AllFiles() => [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith(_shadow, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private void ThrowIfDown()
    {
        if (_isDown) throw new CrashException();
    }

    private static DiskFullException Full(string path) => new($"{path}: the scripted disk is full", "Free space.");

    /// <summary>
    /// What a strict disk holds of a file: its length and, once durable bytes were overwritten, their old content; below ValidTo nothing was overwritten.
    /// </summary>
    private sealed record DurableFile(long Length, byte[]? Content = null, long ValidTo = long.MaxValue);

    /// <summary>A name that appeared, moved or went, with what it replaced; or, in a journal, a file that grew.</summary>
    private sealed record NameChange(string Path, string? From, string? Stash, DurableFile? StashState)
    {
        public long? GrownFrom { get; init; }
    }
}
