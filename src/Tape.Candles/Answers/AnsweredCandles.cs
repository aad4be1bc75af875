using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Candles.Files;
using Tape.Candles.Quality;
using Tape.Storage.Answers;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Venues.Contract;

namespace Tape.Candles.Answers;

/// <summary>
/// Brings what venues answered about candles from the answers log into day files. What was taken in stands in <c>quality/answers.state</c>; without it all
/// answers are taken in again, which changes nothing. Used by the owner of the candles, one thread at a time.
/// </summary>
public sealed class AnsweredCandles(IFiles files, string vault, Func<string, IVenue?> venues, CandleStore store, CandleQuality quality)
{
    /// <summary>Answers that are taken in before day files are written: some ten thousand candles.</summary>
    private const int Together = 64;

    private const int StateBytesMax = 4096;

    private AnswersPosition? _at;
    private bool _beginsAgain;

    /// <summary>Takes in what is new.</summary>
    /// <param name="told">Hears what came of it.</param>
    /// <exception cref="TapeException">The log, or a file that it leads to, can't be read.</exception>
    /// <exception cref="IOException">The state or the findings could not be written; it is tried again.</exception>
    public void Advance(Action<CandleStoreReport> told, CancellationToken cancel)
    {
        if (AnswersLog.Mark(files, vault, AnswersLog.Candles) is not { } mark) return;
        _at ??= Read();
        if (_beginsAgain || _at.Log != mark.Id || _at.NextSeq > mark.NextSeq) _at = new AnswersPosition(mark.Id, 0);
        _beginsAgain = false;
        if (_at.NextSeq == mark.NextSeq) return;
        var isDamaged = false;
        foreach (var answers in AnswersLog.Read(files, vault, AnswersLog.Candles, _at.NextSeq).Chunk(Together))
        {
            cancel.ThrowIfCancellationRequested();
            var pages = answers.Select(answer => CandlePage.Of(answer, venues(answer.Head.Venue))).OfType<CandlePage>().ToList();
            var report = store.Apply(pages.SelectMany(page => page.Stored()), pages.SelectMany(page => page.Empty()));
            quality.Append("", report.Findings);
            told(report);
            isDamaged |= report.SetAside.Count > 0;
            // A day that could not be written is tried again from here.
            if (report.Failed.Count > 0) return;
            Write(_at = _at with { NextSeq = answers[^1].Seq + 1 });
        }

        // What earlier answers had brought into a file that was damaged is brought again.
        if (!isDamaged) return;
        Restart();
        Advance(told, cancel);
    }

    /// <summary>All answers are taken in again: a day file was lost.</summary>
    public void Restart() => _beginsAgain = true;

    private AnswersPosition Read()
    {
        if (WholeFile.Read(files, PathOf(), StateBytesMax) is not { } bytes) return AnswersPosition.Start;
        try
        {
            return JsonSerializer.Deserialize(bytes, AnswersJson.Default.AnswersPosition) is { Log: not null, NextSeq: >= 0 } at ? at : AnswersPosition.Start;
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            // Derived: without it all answers are taken in again.
            return AnswersPosition.Start;
        }
    }

    private void Write(AnswersPosition at) => WholeFile.Replace(files, PathOf(), JsonSerializer.SerializeToUtf8Bytes(at, AnswersJson.Default.AnswersPosition));

    private string PathOf() => EntryPath.Confine(files, vault, "quality/answers.state");
}

/// <summary>How far a log was taken in.</summary>
/// <param name="Log">Its id, 16 hexadecimal digits.</param>
/// <param name="NextSeq">The record behind the last one that was.</param>
internal sealed record AnswersPosition(string Log, long NextSeq)
{
    public static AnswersPosition Start { get; } = new("", 0);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnswersPosition))]
internal sealed partial class AnswersJson : JsonSerializerContext;
