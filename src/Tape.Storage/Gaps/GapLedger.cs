using Tape.Storage.Files;
using Tape.Storage.Journal;

namespace Tape.Storage.Gaps;

/// <summary>
/// Writes the gap ledger: a line for a range, synced, then the state behind it. Cut in between, the range is derived again from the state before it, and what
/// the ledger has already is left out: each hole stands there once. Its owner holds the lock of the seal log. After a failed write it is broken until opened
/// again. Not thread-safe.
/// </summary>
public sealed class GapLedger : IDisposable
{
    private readonly IFiles _files;
    private readonly string _vault;
    private readonly string _tape;
    private readonly CheckedLog _log;
    private long _writtenTo;

    private GapLedger(IFiles files, string vault, string tape, CheckedLog log, GapLedgerContent content, GapStateFile? state)
    {
        (_files, _vault, _tape, _log, _writtenTo) = (files, vault, tape, log, content.WrittenTo);
        (Streams, State) = ([.. content.Streams], state);
    }

    /// <summary>The streams that the ledger named when it was opened, by number.</summary>
    public IReadOnlyList<GapStream> Streams { get; }

    /// <summary>The state as it was when the ledger was opened; null when there is none, so that the tape is to be read from its beginning.</summary>
    public GapStateFile? State { get; }

    /// <summary>How far it has come.</summary>
    public LogHead Head => _log.Head;

    /// <summary>Opens for appending; makes an empty ledger in a vault that has none.</summary>
    /// <param name="tape">The tape's id, 16 hexadecimal digits.</param>
    /// <param name="expected">How far it had come once, as the seal log says; null where nothing is known.</param>
    /// <exception cref="DamagedException">It is damaged before its last line, lines are missing, or it is of another tape.</exception>
    public static GapLedger Open(IFiles files, string vault, string tape, LogHead? expected = null)
    {
        DurableFolder.Create(files, GapLedgerContent.Folder(vault));
        var content = new GapLedgerContent();
        var state = GapStateFile.Read(files, vault);
        var path = GapLedgerContent.PathOf(vault);
        var log = CheckedLog.Open(files, path, bytes =>
        {
            var end = CheckedLog.Walk(path, bytes, GapLedgerContent.Format, json => GapLine.Read(json, content), CheckedLog.Watching(expected));
            GapLedgerContent.RequireWhole(vault, expected, end.Chain);
            return end;
        });
        if ((content.Tape ?? state?.Tape ?? tape) == tape && (state?.Tape ?? tape) == tape) return new(files, vault, tape, log, content, state);
        log.Dispose();
        throw new DamagedException($"{path}: found the ledger of tape {content.Tape ?? state?.Tape}, expected tape {tape}",
            GapLedgerContent.Hint);
    }

    /// <summary>Appends what a range established, and replaces the state; both are durable when this returns.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier line could not be written.</exception>
    /// <exception cref="TapeException">The state could not be written.</exception>
    public void Append(GapBatch batch)
    {
        GapEntry[] gaps = [.. batch.Gaps.Where(gap => gap.AtSeq >= _writtenTo)];
        if (gaps.Length > 0 || batch.Streams.Count > 0)
        {
            _log.Append(GapLine.Write(_tape, batch, gaps));
            _writtenTo = Math.Max(_writtenTo, batch.NextSeq);
        }

        new GapStateFile(_tape, batch.NextSeq, batch.State).Write(_files, _vault);
    }

    /// <summary>
    /// Puts a ledger of one line in the place of what is there, and its state behind it. Cut in between, the state is of the old one, and going on from it
    /// leaves out what the new one has.
    /// </summary>
    /// <returns>How far the new one has come.</returns>
    /// <exception cref="TapeException">It could not be written.</exception>
    public static LogHead Replace(IFiles files, string vault, string tape, GapBatch batch) => WriteAll(files, vault, tape, [batch]);

    /// <summary>As <see cref="Replace"/>, with a line for each of several ranges that follow one another; at least one.</summary>
    public static LogHead WriteAll(IFiles files, string vault, string tape, IReadOnlyList<GapBatch> batches)
    {
        DurableFolder.Create(files, GapLedgerContent.Folder(vault));
        var lines = batches.Where(batch => batch.Streams.Count > 0 || batch.Gaps.Count > 0).Select(batch => GapLine.Write(tape, batch, batch.Gaps));
        var head = CheckedLog.Replace(files, GapLedgerContent.PathOf(vault), lines);
        new GapStateFile(tape, batches[^1].NextSeq, batches[^1].State).Write(files, vault);
        return head;
    }

    public void Dispose() => _log.Dispose();
}
