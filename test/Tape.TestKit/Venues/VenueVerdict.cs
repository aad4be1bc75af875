namespace Tape.TestKit.Venues;

/// <summary>What an oracle says about a frame.</summary>
/// <param name="Fault">Why it is undecodable, or null.</param>
/// <param name="Events">Lines of <see cref="EventText.Line"/>; empty when undecodable.</param>
public sealed record VenueVerdict(string? Fault, IReadOnlyList<string> Events);
