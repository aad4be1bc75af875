using Tape.Venues.Books;

namespace Tape.Derive.Books;

/// <summary>Whether a book kept out of a stream could be trusted now.</summary>
/// <param name="State">Waiting, aligned or broken.</param>
/// <param name="Since">Since when, in the time of records; null when that lies before the first record.</param>
/// <param name="UpdateId">The last update id received; null before the first, and where every frame is a full snapshot.</param>
/// <param name="Why">What is missing; null when aligned.</param>
public sealed record BookStatus(BookState State, UnixNanos? Since, long? UpdateId, string? Why);
