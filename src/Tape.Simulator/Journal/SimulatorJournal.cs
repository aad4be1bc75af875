namespace Tape.Simulator.Journal;

/// <summary>
/// What a simulator sent, per connection and in order. Thread-safe. An entry is in the journal (and handed to the operating system, when there is a file)
/// before its bytes are written to the socket, so a client can never have received a frame that the journal does not know. In memory an entry takes 24 bytes;
/// at <c>entriesMax</c> recording fails, because a journal with gaps proves nothing. With a file only counts stay in memory. A failed write breaks the journal
/// and with it the simulator.
/// </summary>
public sealed class SimulatorJournal : IDisposable
{
    /// <summary>Entries kept in memory unless told otherwise: 192 MB.</summary>
    public const int EntriesMaxDefault = 8_000_000;

    private readonly Lock _gate = new();
    private readonly List<Connection> _connections = [];
    private readonly int _entriesMax;
    private readonly Stream? _file;
    private byte[] _records = new byte[64 * JournalFile.RecordBytes];
    private int _entries;
    private Exception? _broken;

    private SimulatorJournal(int entriesMax, Stream? file) => (_entriesMax, _file) = (entriesMax, file);

    /// <summary>Keeps all entries in memory.</summary>
    public static SimulatorJournal InMemory(int entriesMax = EntriesMaxDefault) => new(entriesMax, null);

    /// <summary>Keeps counts only: for long runs that are not compared.</summary>
    public static SimulatorJournal CountsOnly() => new(0, null);

    /// <summary>Appends every entry to a stream as it happens; owns the stream. A file stream should be opened without a buffer of its own.</summary>
    public static SimulatorJournal ToStream(Stream stream)
    {
        stream.Write(JournalFile.Magic);
        stream.Flush();
        return new SimulatorJournal(0, stream);
    }

    /// <summary>
    /// Reads a journal file, also one whose simulator was killed. It must fit in memory: 24 bytes an entry, up to <paramref name="entriesMax"/>.
    /// </summary>
    /// <exception cref="DamagedException">It is not a journal.</exception>
    public static SimulatorJournal Read(Stream file, int entriesMax = int.MaxValue)
    {
        JournalFile.CheckMagic(file);
        var journal = new SimulatorJournal(entriesMax, null);
        var buffer = new byte[4096 * JournalFile.RecordBytes];
        while (true)
        {
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            for (var at = 0; at + JournalFile.RecordBytes <= read; at += JournalFile.RecordBytes) journal.Replay(buffer.AsSpan(at, JournalFile.RecordBytes));
            if (read < buffer.Length) return journal;
        }
    }

    /// <summary>All connections so far, in the order opened. A copy.</summary>
    public IReadOnlyList<JournalConnection> Connections
    {
        get
        {
            lock (_gate) return [.. _connections.Select(connection => connection.Snapshot())];
        }
    }

    /// <summary>Sums over all connections.</summary>
    public JournalCounts Totals
    {
        get
        {
            lock (_gate) return _connections.Aggregate(default(JournalCounts), (sum, connection) => sum + connection.Counts);
        }
    }

    /// <summary>Writes down a new connection and returns its number, from 1.</summary>
    public int Open(string route, int clientPort, UnixNanos now)
    {
        lock (_gate)
        {
            var connection = new Connection(_connections.Count + 1, route, clientPort, now);
            Append(JournalFile.Opened, connection.Id, now.Value, clientPort, JournalFile.RouteNumber(route));
            _connections.Add(connection);
            return connection.Id;
        }
    }

    /// <summary>Writes down frames, in this order; call it before their bytes go to the socket.</summary>
    /// <exception cref="TapeException">The journal is full or broken.</exception>
    public void Record(int connection, ReadOnlySpan<JournalEntry> entries)
    {
        lock (_gate)
        {
            ThrowIfBroken();
            Keep(_connections[connection - 1], entries);
            AppendAll(connection, entries);
        }
    }

    /// <summary>Writes down that a connection ended.</summary>
    public void Close(int connection, ConnectionEnd end, UnixNanos now)
    {
        lock (_gate)
        {
            _connections[connection - 1].Close(end, now);
            Append(JournalFile.Ended, connection, now.Value, 0, (ulong)end);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Keep(Connection connection, ReadOnlySpan<JournalEntry> entries)
    {
        foreach (ref readonly var entry in entries) connection.Counts = connection.Counts.With(entry);
        if (_entriesMax == 0) return;
        if (_entries + entries.Length > _entriesMax)
        {
            _broken = new TapeException($"simulator journal: {_entriesMax} entries are in memory, no more fit",
                "Write the journal to a file (--journal), or raise its limit.");
            throw _broken;
        }
        _entries += entries.Length;
        connection.Entries.AddRange(entries);
    }

    private void AppendAll(int connection, ReadOnlySpan<JournalEntry> entries)
    {
        if (_file is null) return;
        if (_records.Length < entries.Length * JournalFile.RecordBytes) _records = new byte[entries.Length * JournalFile.RecordBytes * 2];
        var at = 0;
        foreach (ref readonly var entry in entries)
        {
            JournalFile.Write(_records.AsSpan(at), (byte)entry.Kind, connection, entry.SentAtNanos, entry.Length, entry.Hash);
            at += JournalFile.RecordBytes;
        }
        WriteFile(_records.AsSpan(0, at));
    }

    private void Append(byte kind, int connection, long time, long length, ulong hash)
    {
        if (_file is null) return;
        Span<byte> record = stackalloc byte[JournalFile.RecordBytes];
        JournalFile.Write(record, kind, connection, time, length, hash);
        WriteFile(record);
    }

    private void WriteFile(ReadOnlySpan<byte> records)
    {
        ThrowIfBroken();
        try
        {
            _file!.Write(records);
            _file.Flush();
        }
        catch (IOException fault)
        {
            _broken = fault;
            ThrowIfBroken();
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null)
            throw new TapeException($"simulator journal: no longer written: {_broken.Message}",
                (_broken as TapeException)?.Hint ?? "See why the journal's file can't be written.", _broken);
    }

    private void Replay(ReadOnlySpan<byte> record)
    {
        var (kind, id, time, length, hash) = JournalFile.Read(record);
        if (kind == JournalFile.Opened) Open(JournalFile.RouteName(hash), length, new UnixNanos(time));
        else if (id < 1 || id > _connections.Count) throw new DamagedException($"simulator journal: found connection {id}, expected 1 to {_connections.Count}");
        else if (kind == JournalFile.Ended) Close(id, (ConnectionEnd)hash, new UnixNanos(time));
        else Record(id, [new JournalEntry(time, hash, length, (JournalEntryKind)kind)]);
    }

    private sealed class Connection(int id, string route, int clientPort, UnixNanos openedAt)
    {
        private UnixNanos? _closedAt;
        private ConnectionEnd _end;

        public int Id => id;

        public JournalCounts Counts { get; set; }

        public List<JournalEntry> Entries { get; } = [];

        public void Close(ConnectionEnd end, UnixNanos now) => (_end, _closedAt) = (end, now);

        public JournalConnection Snapshot() => new(id, route, clientPort, openedAt, _closedAt, _end, Counts, Entries.ToArray());
    }
}
