using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Tests.Journal;

public class SimulatorJournalTests
{
    private static readonly JournalEntry[] _entries =
    [
        new(100, 11, 200, JournalEntryKind.Data), new(101, 12, 20, JournalEntryKind.Answer), new(102, 13, 7, JournalEntryKind.Ping),
            new(103, 14, 210, JournalEntryKind.Skipped), new(104, ulong.MaxValue, int.MaxValue, JournalEntryKind.Data),
    ];

    [Fact]
    public void What_is_written_to_a_file_is_read_back()
    {
        var file = new MemoryStream();
        var journal = SimulatorJournal.ToStream(file);
        Fill(journal);
        Check(SimulatorJournal.Read(new MemoryStream(file.ToArray())));
    }

    [Fact]
    public void A_file_cut_anywhere_gives_the_whole_records_before_the_cut()
    {
        var file = new MemoryStream();
        Fill(SimulatorJournal.ToStream(file));
        var bytes = file.ToArray();
        for (var length = 8; length < bytes.Length; length++)
        {
            var read = SimulatorJournal.Read(new MemoryStream(bytes[..length]));
            var records = (length - 8) / 32;
            Assert.Equal(Math.Clamp(records - 1, 0, _entries.Length), read.Connections.Sum(connection => connection.Entries.Count));
        }
    }

    [Fact]
    public void Another_file_is_refused() => Assert.Throws<DamagedException>(() => SimulatorJournal.Read(new MemoryStream(new byte[64])));

    [Fact]
    public void A_full_journal_refuses_more()
    {
        var journal = SimulatorJournal.InMemory(entriesMax: 6);
        var connection = journal.Open("public", 1, default);
        journal.Record(connection, _entries);
        Assert.Throws<TapeException>(() => journal.Record(connection, _entries));
        Assert.Throws<TapeException>(() => journal.Record(connection, _entries.AsSpan(0, 1)));
    }

    [Fact]
    public void Counts_alone_keep_no_entries()
    {
        var journal = SimulatorJournal.CountsOnly();
        journal.Record(journal.Open("market", 5, default), _entries);
        Assert.Empty(journal.Connections[0].Entries);
        Assert.Equal(new JournalCounts(3, 220L + int.MaxValue, 1), journal.Totals);
    }

    private static void Fill(SimulatorJournal journal)
    {
        var first = journal.Open("public", 40001, new UnixNanos(90));
        journal.Record(first, _entries);
        journal.Close(first, ConnectionEnd.FaultCut, new UnixNanos(110));
        journal.Open("market", 40002, new UnixNanos(120));
    }

    private static void Check(SimulatorJournal journal)
    {
        var (first, second) = (journal.Connections[0], journal.Connections[1]);
        Assert.Equal(("public", 40001, 90L, (long?)110, ConnectionEnd.FaultCut),
            (first.Route, first.ClientPort, first.OpenedAt.Value, first.ClosedAt?.Value, first.End));
        Assert.Equal(_entries, first.Entries);
        Assert.Equal(("market", 40002, (UnixNanos?)null, ConnectionEnd.Open), (second.Route, second.ClientPort, second.ClosedAt, second.End));
    }
}
