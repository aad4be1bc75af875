using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Query.Snapshots;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;
using Tape.TestKit.Tapes;

namespace Tape.CrashTests.Sealing;

/// <summary>What many trials of the same workload share: its records, one DuckDB that writes parts, one that reads them. Not thread-safe.</summary>
internal sealed class SealingBench : IDisposable
{
    private const int Records = 36;

    private readonly CurrentFiles _current = new();
    private readonly PartWriter _writer;
    private readonly PartReader _reader = PartReader.Open(new DuckDbOptions());
    private readonly DuckDbDatabase _scratch = DuckDbDatabase.Open(new DuckDbOptions());
    private readonly DuckDbConnection _connection;

    public SealingBench()
    {
        _writer = PartWriter.Open(_current, new DuckDbOptions());
        _connection = _scratch.Connect();
        Script = MakeScript();
    }

    /// <summary>The workload: a connection, trades and quotes over midnight, a tick, a damaged frame, a new connection, a drop.</summary>
    public IReadOnlyList<ScriptedRecord> Script { get; }

    /// <summary>
    /// A writer of parts for a trial; disposing it leaves DuckDB alone. Its beginning counts as an operation, so that DuckDB's own writing is cut too.
    /// </summary>
    public IPartWriter WriterFor(FaultyFiles files) => new TrialWriter(this, files);

    /// <summary>Compares what a reader sees now with what the tape derives to, and gives the times of the tape's scripted records in order.</summary>
    /// <param name="vault">The vault as it lies on the disk, however it got there.</param>
    public List<long> CheckReaders(string vault, string context)
    {
        var times = new List<long>();
        var whole = RowDeriver.From(DerivationState.Start);
        using (var reader = TapeReader.Open(TestDisk.Files, TapeRange.Folder(vault)))
        {
            while (reader.TryRead(out var record))
            {
                whole.Take(record);
                if (!IsOfTheTapeItself(record)) times.Add(record.Time.Value);
            }
        }

        var snapshot = TapeSnapshot.Take(TestDisk.Files, vault, default);
        foreach (var buffer in whole.Rows.Buffers)
        {
            var found = Found(snapshot, buffer.Table);
            var expected = (buffer.Count, HashOf(buffer));
            Assert.True(found == expected, $"{buffer.Table}: readers see {found}, the tape derives to {expected}: {context}");
        }

        return times;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _scratch.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    private (int Rows, RowHash Hash) Found(VaultSnapshot snapshot, RawTable table)
    {
        var (rows, hash) = (snapshot.Tail[table].Count, HashOf(snapshot.Tail[table]));
        foreach (var file in snapshot.Files.Where(file => file.Table == table.Name))
        {
            var part = _reader.Read(table, EntryPath.Absolute(snapshot.Vault, file.Path));
            (rows, hash) = (rows + (int)part.Rows, hash + part.Hash);
        }

        return (rows, hash);
    }

    private RowHash HashOf(RowBuffer buffer)
    {
        if (buffer.Count == 0) return default;
        try
        {
            return RowLoader.Load(_connection, "main", "t", buffer, Enumerable.Range(0, buffer.Count).ToArray());
        }
        finally
        {
            _connection.Execute("DROP TABLE IF EXISTS main.t");
        }
    }

    private static bool IsOfTheTapeItself(in TapeRecord record) => record.Kind == RecordKind.Note && Note.Parse(record.Payload) is RecoveredNote or PausedNote;

    private static List<ScriptedRecord> MakeScript()
    {
        var start = new UnixNanos(1_763_769_599_000_000_000);
        var frames = SyntheticFrames.Make(SymbolSpec.First(2), ["aggTrade", "bookTicker"], Records, 100, 5, start);
        NotedStream[] streams = [new("aggTrade", "BTCUSDT", "btcusdt@aggTrade"), new("bookTicker", "BTCUSDT", "btcusdt@bookTicker")];
        var connected = new ConnectedNote("binance", "public", 0, "ws://test", "127.0.0.1:1", streams).ToJson();
        return
        [
            .. Enumerable.Range(0, Records).Select(number =>
            {
                var (kind, connection, payload) = number switch
                {
                    0 => (RecordKind.Note, 0L, new StartedNote("test", 1, ["binance"]).ToJson()),
                    1 => (RecordKind.Note, 1, connected),
                    9 => (RecordKind.Frame, 1, "{\"e\":"u8.ToArray()),
                    15 => (RecordKind.Note, 1, new DroppedNote("queue_full", 2, 0, 0, new() { ["btcusdt@aggTrade"] = 2 }).ToJson()),
                    17 => (RecordKind.Note, 1, new DisconnectedNote("venue_closed", "", 16, 0).ToJson()),
                    18 => (RecordKind.Note, 2, connected),
                    _ => (RecordKind.Frame, number < 17 ? 1 : 2, frames[number].Payload),
                };
                return new ScriptedRecord(kind, connection, new UnixNanos(start.Value + number * 100_000_000L), payload);
            }),
        ];
    }

    private sealed class TrialWriter(SealingBench bench, FaultyFiles files) : IPartWriter
    {
        public PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path)
        {
            bench._current.Now = files;
            try
            {
                files.CreateFolder(Path.GetDirectoryName(path)!);
            }
            catch (IOException fault)
            {
                throw new DuckDbException($"as DuckDB would tell it: {fault.Message}", null);
            }

            return bench._writer.Write(buffer, part, origin, path);
        }
    }
}
