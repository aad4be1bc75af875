using Tape.Core.Files;

namespace Tape.TestKit.Files;

/// <summary>
/// Files by the rules of Windows, taken strictly: what is open can be read and written by others, but not deleted, renamed or replaced by a rename; a locked
/// file can't be opened at all; names ignore case and keep it; device names, forbidden signs and names that end in a dot or a space are refused; names are not
/// synced with their folder. Faults are those that .NET gives there. One instance is one machine: everybody who has a file open must go through it. On Linux,
/// Parquet files that native code of this process has open count as open too. Not modelled: other processes, and programs that open a file without letting
/// others write (<see cref="HoldAsOtherProgram"/> stands for one). Thread-safe.
/// </summary>
public sealed class WindowsFiles(IFiles inner) : IFiles
{
    private const int RefusalsMax = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Users> _open = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Path, string Text)> _refusals = [];

    public IFileHandle Open(string path, FileUse use)
    {
        lock (_gate)
        {
            path = Named(path);
            var users = _open.GetValueOrDefault(path);
            if (users is { IsLocked: true } || (users is { Holders: > 0 } && use != FileUse.Read))
                throw Refused(path, $"can't be opened for {use}", WindowsFaults.InUse(path));
            var handle = inner.Open(path, use);
            return new Handle(handle, Begin(path, users => users.Handles++, users => users.Handles--));
        }
    }

    public bool FileExists(string path) => WindowsNames.Fault(path) is null && inner.FileExists(WindowsNames.Find(path));

    public bool IsLink(string path) => WindowsNames.Fault(path) is null && inner.IsLink(WindowsNames.Find(path));

    public long FileLength(string path) => inner.FileLength(Named(path));

    public IReadOnlyList<string> ListFiles(string folder) => inner.ListFiles(WindowsNames.Find(folder));

    public IReadOnlyList<string> ListFolders(string folder) => inner.ListFolders(WindowsNames.Find(folder));

    public void CreateFolder(string path, bool isPrivate = false) => inner.CreateFolder(Named(path), isPrivate);

    public void Move(string from, string to, bool overwrite)
    {
        lock (_gate)
        {
            // A rename that only changes the case of a name is one onto itself.
            (from, var target) = (Named(from), Named(to));
            if (IsOpen(from)) throw Refused(from, "can't be renamed", WindowsFaults.InUse(from));
            if (overwrite && IsOpen(target)) throw Refused(target, "can't be replaced", WindowsFaults.Denied(target));
            if (from != target && overwrite) inner.Move(from, target, overwrite);
            else if (from != target) MoveNew(from, target);
            if (target != to && Path.GetFileName(target) != Path.GetFileName(to))
                inner.Move(target, Path.Combine(Path.GetDirectoryName(target)!, Path.GetFileName(to)), overwrite: false);
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            path = Named(path);
            if (IsOpen(path)) throw Refused(path, "can't be deleted", WindowsFaults.InUse(path));
            inner.Delete(path);
        }
    }

    public void SyncFolder(string path)
    {
        // Windows has no such thing.
    }

    public long FreeBytes(string path) => inner.FreeBytes(Named(path));

    public IDisposable? TryLock(string path)
    {
        lock (_gate)
        {
            path = Named(path);
            if (IsOpen(path) || inner.TryLock(path) is not { } held) return null;
            return Begin(path, users => users.IsLocked = true, users =>
            {
                users.IsLocked = false;
                held.Dispose();
            });
        }
    }

    /// <summary>
    /// Opens a file as a program does that lets others only read, as many do and DuckDB does: until disposed it can't be written, replaced, renamed or deleted.
    /// </summary>
    public IDisposable HoldAsOtherProgram(string path)
    {
        lock (_gate)
        {
            path = Named(path);
            if (_open.GetValueOrDefault(path) is { IsLocked: true }) throw WindowsFaults.InUse(path);
            return Begin(path, users => users.Holders++, users => users.Holders--);
        }
    }

    /// <summary>What was refused under a folder since the last call because somebody had it open.</summary>
    public IReadOnlyList<string> TakeRefusals(string folder)
    {
        lock (_gate)
        {
            var own = _refusals.Where(refusal => refusal.Path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)).Select(refusal => refusal.Text).ToList();
            _refusals.RemoveAll(refusal => refusal.Path.StartsWith(folder, StringComparison.OrdinalIgnoreCase));
            return own;
        }
    }

    private void MoveNew(string from, string to)
    {
        if (inner.FileExists(to)) throw new IOException($"Cannot create '{to}' when that file already exists.", WindowsFaults.AlreadyExists);
        inner.Move(from, to, overwrite: false);
    }

    /// <summary>The path as it is on the disk, whatever its case.</summary>
    private static string Named(string path) =>
        WindowsNames.Fault(path) is { } fault ? throw new IOException(fault, WindowsFaults.InvalidName) : WindowsNames.Find(path);

    private bool IsOpen(string path) => _open.ContainsKey(path) || NativeHandles.Have(path);

    private IOException Refused(string path, string what, IOException fault)
    {
        Note(path, what);
        return fault;
    }

    private UnauthorizedAccessException Refused(string path, string what, UnauthorizedAccessException fault)
    {
        Note(path, what);
        return fault;
    }

    private void Note(string path, string what)
    {
        if (_refusals.Count < RefusalsMax) _refusals.Add((path, $"{path} {what}: it is open"));
    }

    private Use Begin(string path, Action<Users> begin, Action<Users> end)
    {
        if (!_open.TryGetValue(path, out var users)) _open[path] = users = new();
        begin(users);
        return new Use(() =>
        {
            lock (_gate)
            {
                end(users);
                if (users is { Handles: 0, Holders: 0, IsLocked: false }) _open.Remove(path);
            }
        });
    }

    /// <summary>Who has a file open.</summary>
    private sealed class Users
    {
        public int Handles { get; set; }
        public int Holders { get; set; }
        public bool IsLocked { get; set; }
    }

    private sealed class Use(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }

    private sealed class Handle(IFileHandle inner, IDisposable use) : IFileHandle
    {
        public long Length => inner.Length;

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Sync() => inner.Sync();

        public void SetLength(long length) => inner.SetLength(length);

        public void Dispose()
        {
            inner.Dispose();
            use.Dispose();
        }
    }
}
