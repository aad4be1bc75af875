using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Sealing;
using Tape.Query.Sanity;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.CrashTests.Support;

/// <summary>A vault on the real disk with short words for what tests do to it. Time moves 10 ms with each record.</summary>
internal sealed class TestVault : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 4711, new UnixNanos(0), null);
    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();

    public TestVault()
    {
        Directory.CreateDirectory(Path);
        Frames = SyntheticFrames.Make(SymbolSpec.First(2), ["aggTrade", "bookTicker", "depth@100ms"], 3000, 300, 11, UnixNanos.From(_time.GetUtcNow()));
    }

    public string Path => _root["vault"];

    /// <summary>What the venue sends, in order.</summary>
    public IReadOnlyList<SyntheticFrame> Frames { get; }

    public TapeOptions Options { get; init; } = new() { SegmentBytesMax = 32 << 10, BlockBytesMax = 4096, PendingBytesMax = 64 << 10, ReserveBytes = 16 << 10 };

    public UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    public void Wait(TimeSpan time) => _time.Advance(time);

    /// <summary>Records what the script writes, committed in the end, and closes the tape.</summary>
    public void Record(Action<Recording> script)
    {
        using var writer = TapeWriter.Open(TestDisk.Files, TapeRange.Folder(Path), Options, _time, new Random(5), Owner);
        script(new Recording(this, writer));
        writer.Commit();
    }

    /// <summary>Seals all there is.</summary>
    public SealReport? Seal(Func<string, IVenue?>? venues = null)
    {
        SealReport? report = null;
        using var sealer = Sealer.Open(TestDisk.Files, Path, new SealLimits(), venues ?? VenueCatalog.Find, _time, Owner);
        sealer.Advance(seal => report = seal, all: true);
        return report;
    }

    public SanityReport Check(bool deep = false, int lanes = 1) => new SanityCheck(TestDisk.Files, Path, lanes).Run(deep, _ => { }, CancellationToken.None);

    public IReadOnlyList<SealEntry> Seals => SealLog.Read(TestDisk.Files, Path).Committed;

    /// <summary>Where a part is.</summary>
    public string PathOf(SealedFile file) => EntryPath.Absolute(Path, file.Path);

    public string[] Segments => [.. Directory.GetFiles(TapeRange.Folder(Path), "*.tape").Order(StringComparer.Ordinal)];

    public void Dispose() => _root.Dispose();

    /// <summary>Words of a recording.</summary>
    internal sealed class Recording(TestVault vault, TapeWriter writer)
    {
        /// <summary>Frames of each connection, stored or declared dropped.</summary>
        private readonly Dictionary<long, long> _received = [];

        public void Start() => Note(0, new StartedNote("test", 1, ["binance"]));

        public void Connect(long connection)
        {
            NotedStream[] streams = [.. vault.Frames.Select(frame => frame.Stream).Distinct().Order(StringComparer.Ordinal)
                .Select(wire => new NotedStream(wire[(wire.IndexOf('@') + 1)..], wire[..wire.IndexOf('@')].ToUpperInvariant(), wire))];
            Note(connection, new ConnectedNote("binance", "public", 0, "ws://test", "127.0.0.1:1", streams));
        }

        public void Frame(long connection, SyntheticFrame frame)
        {
            Count(connection);
            Append(RecordKind.Frame, connection, frame.Payload);
        }

        public void Drop(long connection, SyntheticFrame frame)
        {
            Count(connection);
            Note(connection, new DroppedNote("queue_full", 1, vault.Now.Value, vault.Now.Value, new() { [frame.Stream] = 1 }));
        }

        public void Disconnect(long connection, string cause) => Note(connection, new DisconnectedNote(cause, "", _received.GetValueOrDefault(connection), 0));

        public void Note(long connection, Note note) => Append(RecordKind.Note, connection, note.ToJson());

        private void Count(long connection) => _received[connection] = _received.GetValueOrDefault(connection) + 1;

        private void Append(RecordKind kind, long connection, byte[] payload)
        {
            writer.Append(kind, connection, vault.Now, payload);
            if (writer.PendingBytes > 4000) writer.Commit();
            vault.Wait(TimeSpan.FromMilliseconds(10));
        }
    }
}
