namespace Tape.Core.Values;

/// <summary>One stream: the unit of health, gaps and retention.</summary>
/// <param name="Venue">Our name of the exchange endpoint family, lower case: <c>binance</c>.</param>
/// <param name="Channel">The venue's own channel name: <c>aggTrade</c>, <c>depth@100ms</c>.</param>
/// <param name="Symbol">The venue's own symbol as sent in its data: <c>BTCUSDT</c>; empty for all-market streams.</param>
public sealed record StreamKey(string Venue, string Channel, string Symbol)
{
    public override string ToString() => $"{Venue} {Channel} {Symbol}".TrimEnd();
}
