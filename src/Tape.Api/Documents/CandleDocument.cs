using System.Text.Json.Serialization;

namespace Tape.Api.Documents;

/// <summary>A page of <c>/v1/candles</c>.</summary>
/// <param name="Candles">By open time.</param>
/// <param name="NextOffset">Where the next page begins; null behind the last one.</param>
public sealed record CandlesDocument(IReadOnlyList<CandleDocument> Candles, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextOffset);

/// <summary>A candle with the columns of day files; what is not known is null.</summary>
/// <param name="Venue">Our name of it.</param>
/// <param name="Symbol">The venue's name of the instrument.</param>
/// <param name="Timeframe">How long it is: <c>1m</c>.</param>
/// <param name="OpenTimeMs">When it opens, milliseconds since 1970.</param>
/// <param name="CloseTimeMs">Its last millisecond.</param>
/// <param name="Open">The first price.</param>
/// <param name="High">The highest price.</param>
/// <param name="Low">The lowest price.</param>
/// <param name="Close">The last price.</param>
/// <param name="Volume">Base units traded.</param>
/// <param name="QuoteVolume">Quote units traded.</param>
/// <param name="Vwap">The price weighted by volume.</param>
/// <param name="TradesCount">How many trades.</param>
/// <param name="IsClosed">Whether its time is over.</param>
/// <param name="Source">websocket, rest or aggregated.</param>
/// <param name="IngestTimeMs">When the vault knew it, milliseconds since 1970.</param>
public sealed record CandleDocument(string Venue, string Symbol, string Timeframe, long OpenTimeMs, long CloseTimeMs, double Open, double High, double Low,
    double Close, double Volume, double? QuoteVolume, double? Vwap, long? TradesCount, bool IsClosed, string Source, long IngestTimeMs);
