using Tape.Venues.Binance;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;
using Tape.Venues.Okx;

namespace Tape.Venues;

/// <summary>All venues. Adding one is a line here.</summary>
public static class VenueCatalog
{
    /// <summary>Every venue, in alphabetical order.</summary>
    public static IReadOnlyList<IVenue> All { get; } =
    [
        new BinanceVenue(),
        new BybitVenue(),
        new OkxVenue(),
    ];

    /// <summary>The venue of a name, or null.</summary>
    public static IVenue? Find(string name) => All.FirstOrDefault(venue => venue.Name == name);
}
