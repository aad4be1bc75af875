using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Storage.Tests.Tapes;

/// <summary>A record as a test keeps it to compare.</summary>
internal sealed record Kept(RecordKind Kind, long Connection, long Time, byte[] Payload)
{
    public bool Equals(Kept? other) =>
        other is not null && (Kind, Connection, Time) == (other.Kind, other.Connection, other.Time) && Payload.AsSpan().SequenceEqual(other.Payload);

    public override int GetHashCode() => HashCode.Combine(Kind, Connection, Time, Payload.Length);

    public override string ToString() => $"{Kind} c{Connection} t{Time} {Payload.Length} bytes";
}

/// <summary>A tape in a temporary folder, with short words for what tests do to it.</summary>
internal sealed class TapeFixture : IDisposable
{
    public TemporaryFolder Root { get; } = new();
    public FakeTime Time { get; } = new();
    public IFiles Files { get; set; } = TestDisk.Files;
    public TapeOptions Options { get; set; } = new() { SegmentBytesMax = 4096, BlockBytesMax = 600, PendingBytesMax = 20_000, ReserveBytes = 16 << 10 };

    public string Folder => Root["vault", "tape"];

    public static OwnerInfo Owner { get; } = new("tests", 4711, new UnixNanos(1_000_000_000), 8080);

    public TapeWriter Open(int seed = 7) => TapeWriter.Open(Files, Folder, Options, Time, new Random(seed), Owner);

    /// <summary>Writes frames "0", "1"… of the given length, one commit each, and closes the tape.</summary>
    public void Record(int frames, int bytes = 100)
    {
        using var writer = Open();
        for (var number = 0; number < frames; number++)
        {
            writer.Append(RecordKind.Frame, 1, Now(), Frame(number, bytes));
            writer.Commit();
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }

    public UnixNanos Now() => UnixNanos.From(Time.GetUtcNow());

    public static byte[] Frame(int number, int bytes)
    {
        var frame = new byte[bytes];
        new Random(number).NextBytes(frame);
        return frame;
    }

    public List<Kept> ReadAll(long fromSeq = 0) => Read(TestDisk.Files, Folder, fromSeq);

    public static List<Kept> Read(IFiles files, string folder, long fromSeq = 0)
    {
        using var reader = TapeReader.Open(files, folder, fromSeq);
        var records = new List<Kept>();
        while (reader.TryRead(out var record))
        {
            Assert.Equal(fromSeq + records.Count, record.Seq);
            records.Add(new(record.Kind, record.Connection, record.Time.Value, record.Payload.ToArray()));
        }
        return records;
    }

    public string[] SegmentPaths() => Directory.GetFiles(Folder, "*.tape").Order(StringComparer.Ordinal).ToArray();

    public TapeReport Verify() => TapeVerifier.Run(TestDisk.Files, Folder);

    public void Dispose() => Root.Dispose();
}
