namespace Tape.Sources.Instruments;

/// <summary>What is new in a list of instruments.</summary>
/// <param name="Added">Symbols that were not there.</param>
/// <param name="Removed">Symbols that are not there any more.</param>
/// <param name="Changed">A phrase for each symbol of which something else is said.</param>
public sealed record InstrumentChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    public bool Any => Added.Count + Removed.Count + Changed.Count > 0;

    /// <summary>Compares two lists of one venue.</summary>
    public static InstrumentChanges Between(IReadOnlyList<Instrument> before, IReadOnlyList<Instrument> after)
    {
        var old = before.ToDictionary(instrument => instrument.Symbol, StringComparer.Ordinal);
        var now = after.ToDictionary(instrument => instrument.Symbol, StringComparer.Ordinal);
        return new(
            [.. after.Where(instrument => !old.ContainsKey(instrument.Symbol)).Select(instrument => instrument.Symbol)],
            [.. before.Where(instrument => !now.ContainsKey(instrument.Symbol)).Select(instrument => instrument.Symbol)],
            [.. after.Where(instrument => old.TryGetValue(instrument.Symbol, out var was) && was != instrument)
                .Select(instrument => Phrase(old[instrument.Symbol], instrument))]);
    }

    private static string Phrase(Instrument was, Instrument now)
    {
        var said = new List<string>();
        Add("status", was.Status, now.Status);
        Add("tick size", was.TickSize, now.TickSize);
        Add("lot size", was.LotSize, now.LotSize);
        Add("contract size", was.ContractSize, now.ContractSize);
        Add("least notional", was.MinNotional, now.MinNotional);
        Add("kind", was.ContractType, now.ContractType);
        Add("delivery", was.DeliversAt, now.DeliversAt);
        return $"{now.Symbol}: {(said.Count > 0 ? string.Join(", ", said) : "something else is said of it")}";

        void Add<T>(string what, T before, T after)
        {
            if (!EqualityComparer<T>.Default.Equals(before, after)) said.Add($"{what} {before} → {after}");
        }
    }
}
