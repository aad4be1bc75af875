using Tape.Candles.Files;

namespace Tape.Candles.Pipeline;

/// <summary>What a flush did.</summary>
/// <param name="NextSeq">The record behind what it covers.</param>
/// <param name="Candles">Candles that came into the files, of all timeframes.</param>
/// <param name="Files">Day files that were replaced.</param>
/// <param name="Findings">Rejects, partial minutes, restatements.</param>
public sealed record CandleReport(long NextSeq, int Candles, int Files, int Findings)
{
    /// <summary>Days that could not be written, with the reason; they are tried again with the next flush.</summary>
    public IReadOnlyList<(CandleDay Day, string Reason)> Failed { get; init; } = [];

    /// <summary>Damaged files that were set aside, with their new paths; what the tape has of their days was derived again.</summary>
    public IReadOnlyList<(CandleDay Day, string Path, string Reason)> SetAside { get; init; } = [];

    /// <summary>Day files that were not as they were left, and were derived again.</summary>
    public IReadOnlyList<CandleDay> Rebuilt { get; init; } = [];

    /// <summary>Why findings or the state could not be written, as a sentence; null when they were.</summary>
    public string? Fault { get; init; }
}
