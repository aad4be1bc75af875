using Tape.Derive.Instruments;
using Tape.Venues.Contract;

namespace Tape.Candles.Pipeline;

/// <summary>
/// Base units in one unit of the quantity of trades: 1 where the venue sends base units, else what its latest list of instruments on the answers log says. The
/// log is read when a symbol is first asked for that needs it, and again, at most once a minute, while one is missing. Not thread-safe.
/// </summary>
public sealed class ContractSizes(IFiles files, string vault, Func<string, IVenue?> venues, TimeProvider time)
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Venue, string Symbol), double> _sizes = [];
    private long? _readAt;

    /// <summary>The size; null where it is not known, or depends on the price.</summary>
    /// <exception cref="DamagedException">The answers log is damaged.</exception>
    public double? Of(string venue, string symbol)
    {
        if (venues(venue)?.TradesInBaseUnits(symbol) == true) return 1;
        if (_sizes.TryGetValue((venue, symbol), out var known)) return known;
        if (_readAt is { } at && time.GetElapsedTime(at) < ReadAgainAfter) return null;
        _readAt = time.GetTimestamp();
        foreach (var span in InstrumentHistory.ReadWith(files, vault, venues))
            if (double.IsFinite(span.Instrument.ContractSize)) _sizes[(span.Instrument.Venue, span.Instrument.Symbol)] = span.Instrument.ContractSize;
        return _sizes.TryGetValue((venue, symbol), out known) ? known : null;
    }
}
