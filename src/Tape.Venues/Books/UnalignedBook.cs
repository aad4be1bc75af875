using Tape.Core.Values;

namespace Tape.Venues.Books;

/// <summary>A book of which a full picture is wanted.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Round">Rises when connections change or the venue numbers anew: an answer to a question of an earlier round says nothing any more.</param>
public sealed record UnalignedBook(StreamKey Stream, int Round);
