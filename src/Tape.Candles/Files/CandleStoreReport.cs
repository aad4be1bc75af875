using Tape.Candles.Closing;

namespace Tape.Candles.Files;

/// <summary>What became of changes.</summary>
public sealed class CandleStoreReport
{
    /// <summary>Candles that came into the files, of all timeframes.</summary>
    public int Written { get; set; }

    /// <summary>Day files that were replaced.</summary>
    public int Files { get; set; }

    /// <summary>Rows in the files of minutes that were looked at.</summary>
    public Dictionary<CandleDay, int> Rows { get; } = [];

    /// <summary>Rejects and restatements.</summary>
    public List<CandleFinding> Findings { get; } = [];

    /// <summary>Days that could not be written, with the reason: nothing of them is lost, they are to be tried again.</summary>
    public List<(CandleDay Day, CandleChanges Changes, string Reason)> Failed { get; } = [];

    /// <summary>Damaged files that were set aside: their days are to be derived again.</summary>
    public List<(CandleDay Day, string Path, string Reason)> SetAside { get; } = [];
}
