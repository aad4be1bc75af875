using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>A venue's answer to one of our requests, found in a frame on the tape.</summary>
/// <param name="Plan">The connection's plan.</param>
/// <param name="Connection">Its number on the tape.</param>
/// <param name="Note">The note that tells it.</param>
/// <param name="NotBefore">Time of the last record observed of the connection: the note, which comes later on the tape, takes it.</param>
internal sealed record VenueAnswer(ConnectionPlan Plan, long Connection, Note Note, UnixNanos NotBefore);
