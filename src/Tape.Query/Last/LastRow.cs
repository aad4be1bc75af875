using Tape.Core.Values;

namespace Tape.Query.Last;

/// <summary>The newest row of a table for a symbol.</summary>
/// <param name="Table">Table name.</param>
/// <param name="Exchange">Venue name.</param>
/// <param name="Symbol">As sent.</param>
/// <param name="ReceivedAt">Our time of it.</param>
/// <param name="EventTime">The venue's time of it, as text; null when it gave none.</param>
/// <param name="Values">The table's own columns that are not NULL: numbers as <see cref="double"/>, ids as <see cref="long"/>, texts and times as
/// <see cref="string"/>.</param>
public sealed record LastRow(string Table, string Exchange, string Symbol, UnixNanos ReceivedAt, string? EventTime, IReadOnlyList<KeyValuePair<string,
    object>> Values);
