using System.Text.Json.Serialization;

namespace Tape.Api.Documents;

/// <summary>A page of <c>/v1/instruments</c>.</summary>
/// <param name="Instruments">By exchange and symbol.</param>
/// <param name="NextOffset">Where the next page begins; null behind the last one.</param>
public sealed record InstrumentsDocument(IReadOnlyList<InstrumentDocument> Instruments,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextOffset);

/// <summary>An instrument as the view <c>instruments</c> has it, through one span of time; what the venue does not say is null.</summary>
/// <param name="Exchange">Our name of it.</param>
/// <param name="Symbol">The venue's name of the instrument.</param>
/// <param name="Instrument">Our name of it.</param>
/// <param name="Base">What is traded.</param>
/// <param name="Quote">What prices are in.</param>
/// <param name="Margin">What margin is paid in.</param>
/// <param name="ContractType">The venue's word for its kind.</param>
/// <param name="Status">The venue's word for its state.</param>
/// <param name="Trading">Whether it can be traded.</param>
/// <param name="TickSize">Step of prices.</param>
/// <param name="LotSize">Step of quantities.</param>
/// <param name="MinNotional">The least value of an order, in the quote currency.</param>
/// <param name="ContractSize">Base units of one unit of quantity.</param>
/// <param name="ListedAt">Since when it is traded.</param>
/// <param name="DeliversAt">When it ends.</param>
/// <param name="PathName">Its name in paths.</param>
/// <param name="ValidFrom">Since when this holds, by our clock.</param>
/// <param name="ValidTo">Until when; null while it holds.</param>
/// <param name="AnswerSeq">The record of the answers log that says so.</param>
public sealed record InstrumentDocument(string Exchange, string Symbol, string Instrument, string Base, string Quote, string? Margin, string ContractType,
    string Status, bool Trading, double TickSize, double LotSize, double? MinNotional, double? ContractSize, string? ListedAt, string? DeliversAt,
    string PathName, string ValidFrom, string? ValidTo, long AnswerSeq);
