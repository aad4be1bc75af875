using Tape.Core.Work;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Derive.Survey;
using Tape.Query.Snapshots;
using Tape.Storage.Answers;
using Tape.Storage.Gaps;
using Tape.Storage.Retention;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Tables.Rows;

namespace Tape.Query.Sanity;

/// <summary>
/// Checks a vault without changing it and without locks: the tape is whole, every file opens and holds what its seal says; deep: every row is what the
/// tape derives to. Reads the tape once. May run beside the recorder.
/// </summary>
/// <param name="lanes">Threads: with more than one the files are read while the tape is.</param>
public sealed class SanityCheck(IFiles files, string vault, int lanes = 1)
{
    /// <summary>Records between two looks at progress and cancellation.</summary>
    private const int LookEvery = 65_536;

    private readonly List<string> _findings = [];

    /// <param name="deep">Derive everything again and compare.</param>
    /// <param name="progress">Hears the part of the tape that was read, 0 to 1.</param>
    /// <exception cref="TapeException">There is no tape, or the native library is missing.</exception>
    public SanityReport Run(bool deep, Action<double> progress, CancellationToken cancel)
    {
        var seals = ReadSeals();
        using var check = new SealCheck(files, vault, _findings);
        var survey = new TapeSurvey();
        using var fileCheck = new FileCheck(files, vault, seals, lanes);
        (long TapeId, long End)? tape = null;
        // Number 0 is the tape, which one lane reads from end to end; the others are files.
        SideBySide.Run(lanes, [.. Enumerable.Range(0, 1 + fileCheck.Count)], (_, _) => { }, (lane, number, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            if (number == 0) tape = ReadTape(survey, deep ? seals : null, check, progress, stop);
            else fileCheck.Check(lane, number - 1);
        }, cancel);
        if (seals is not null) CheckSeals(seals, check, fileCheck, tape, cancel);
        _findings.AddRange(CompactCheck.Findings(files, vault, cancel));
        CheckAnswers(cancel);
        CheckLedger();
        return Report(deep, survey, check, fileCheck);
    }

    /// <summary>The seal log; null when it is damaged, which is a finding.</summary>
    private SealLogContent? ReadSeals()
    {
        try
        {
            return SealLog.Read(files, vault);
        }
        catch (DamagedException fault)
        {
            _findings.Add(fault.Message);
            return null;
        }
    }

    private void CheckSeals(SealLogContent seals, SealCheck check, FileCheck fileCheck, (long TapeId, long End)? tape, CancellationToken cancel)
    {
        try
        {
            foreach (var seal in seals.All)
            {
                cancel.ThrowIfCancellationRequested();
                check.Check(seal, tape?.TapeId);
            }

            if (tape is { } whole) check.CheckEnd(whole.End);
        }
        catch (DamagedException fault)
        {
            // An archive of the seal log; what is behind it can't be told from what is missing.
            _findings.Add(fault.Message);
        }

        _findings.AddRange(fileCheck.Faults);
        check.CheckStrays();
    }

    /// <summary>Reads the tape once; null when it is not whole, which is a finding: then nothing is said about what lies behind the damage.</summary>
    private (long TapeId, long End)? ReadTape(TapeSurvey survey, SealLogContent? seals, SealCheck check, Action<double> progress, CancellationToken cancel)
    {
        var last = Last();
        DerivedRanges? ranges = null;
        try
        {
            using var reader = TapeReader.Open(files, TapeRange.Folder(vault));
            while (reader.TryRead(out var record))
            {
                if (survey.Records == 0 && record.Seq > 0 && SegmentHistory.Read(files, TapeRange.Folder(vault)).WhereIs(record.Seq - 1) is null)
                    throw new DamagedException($"{TapeRange.Folder(vault)}: the tape begins with record {record.Seq}, expected 0: the segments before are "
                        + $"missing, and segments.log does not say that they expired");
                survey.Take(record);
                if (seals is not null) (ranges ??= new DerivedRanges(seals.Of(record.Seq, long.MaxValue), check)).Take(record);
                if (record.Seq % LookEvery != 0) continue;
                cancel.ThrowIfCancellationRequested();
                progress(Math.Min(1, (double)record.Seq / Math.Max(1, last)));
            }

            _findings.AddRange(survey.Faults);
            return (reader.TapeId, reader.NextSeq);
        }
        catch (DamagedException fault)
        {
            _findings.AddRange(survey.Faults);
            _findings.Add(fault.Message);
            return null;
        }
    }

    /// <summary>The gap ledger has all lines that it had at the last seal; a vault without one is fine.</summary>
    private void CheckLedger()
    {
        try
        {
            GapLedgerContent.Read(files, vault, SealLog.HeadsOf(files, vault).Gaps);
            GapStateFile.Read(files, vault);
        }
        catch (DamagedException fault)
        {
            _findings.Add(fault.Message);
        }
    }

    /// <summary>Every answer on the answers log gives the body that it should; a vault without that log is fine.</summary>
    private void CheckAnswers(CancellationToken cancel)
    {
        try
        {
            AnswersLog.RequireWhole(files, vault);
            foreach (var answer in AnswersLog.Read(files, vault))
            {
                cancel.ThrowIfCancellationRequested();
                answer.Body();
            }
        }
        catch (DamagedException fault)
        {
            // Its segments are named as those of the tape are.
            _findings.Add($"answers log: {fault.Message}");
        }
    }

    /// <summary>About how many records there are, for the progress.</summary>
    private long Last()
    {
        try
        {
            return TapeFolder.Segments(files, TapeRange.Folder(vault)) is { Count: > 0 } segments
                ? segments[^1].NextSeq
                : throw new TapeException($"There is no tape in {TapeRange.Folder(vault)}.", "Name the vault's folder with --vault.");
        }
        catch (DamagedException)
        {
            // Reading, which comes next, meets the damage at its place and names it.
            return 0;
        }
    }

    private SanityReport Report(bool deep, TapeSurvey survey, SealCheck check, FileCheck fileCheck)
    {
        var downtimes = survey.Downtimes();
        VaultSnapshot snapshot;
        IReadOnlyList<IdJump> jumps = [];
        IReadOnlyDictionary<StreamKey, (long Jumps, long Missing)> counts = new Dictionary<StreamKey, (long, long)>();
        try
        {
            snapshot = TapeSnapshot.Take(files, vault, default);
            (jumps, counts) = IdJumps.Find(snapshot.Gaps!());
        }
        catch (DamagedException fault)
        {
            // Damage of the tape or the seal log is named above; of the gap ledger only here.
            if (_findings.Count == 0 || fault.Message.Contains(GapLedgerContent.PathOf(vault), StringComparison.Ordinal)) _findings.Add(fault.Message);
            snapshot = new VaultSnapshot(vault, [], new RowSet(), () => []);
        }

        var streams = snapshot.Streams.Select(stream => Describe(stream, downtimes, counts)).ToList();
        return new SanityReport(
            _findings, deep, survey, check.Seals, fileCheck.Files, fileCheck.Rows, snapshot.Tail.Rows, check.RowsProven,
            check.Undecodable, streams, downtimes, jumps)
        {
            Expired = survey.FirstSeq == 0 ? null : SegmentHistory.Read(files, TapeRange.Folder(vault)).WhereIs(survey.FirstSeq - 1),
        };
    }

    private static StreamReport Describe(StreamStatistics stream, IReadOnlyList<Downtime> downtimes, IReadOnlyDictionary<StreamKey,
        (long Jumps, long Missing)> counts)
    {
        var key = new StreamKey(stream.Exchange, stream.Channel, stream.Symbol);
        var (jumps, missing) = counts.GetValueOrDefault(key);
        var own = downtimes.Where(downtime => downtime.Venue == stream.Exchange
            && downtime.Streams.Any(noted => noted.Channel == stream.Channel && noted.Symbol == stream.Symbol)).ToList();
        var down = own.Aggregate(TimeSpan.Zero, (sum, downtime) => downtime.To is { } to ? sum + to.Since(downtime.From) : sum);
        return new StreamReport(key, stream.Frames, stream.Rows, stream.Dropped, jumps, missing, own.Count, down);
    }

    /// <summary>Derives the sealed ranges again while the tape goes by, one range at a time.</summary>
    private sealed class DerivedRanges(IReadOnlyList<SealEntry> seals, SealCheck check)
    {
        private RowDeriver? _deriver;
        private int _index;

        public void Take(in TapeRecord record)
        {
            // Ranges that begin before what is left of the tape were derived again before it expired.
            while (_deriver is null && _index < seals.Count && seals[_index].FromSeq < record.Seq) _index++;
            if (_index == seals.Count || record.Seq < seals[_index].FromSeq) return;
            _deriver ??= RowDeriver.From(TapeRange.StateBefore(seals, _index));
            _deriver.Rules = RowDeriver.RulesOf(seals[_index].Decoder) ?? RowRules.Current;
            _deriver.Take(record);
            if (record.Seq != seals[_index].ToSeqExcl - 1) return;
            check.CheckDerived(seals[_index], _deriver);
            _deriver.Clear();
            _index++;
        }
    }
}
