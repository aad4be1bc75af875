namespace Tape.Simulator.Market;

/// <summary>A price level of a synthetic book.</summary>
/// <param name="Ticks">The price in ticks.</param>
/// <param name="Quantity">In units of the last quantity digit; 0 says that the level is gone.</param>
internal readonly record struct BookLevel(int Ticks, long Quantity);
