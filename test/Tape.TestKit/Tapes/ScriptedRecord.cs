using Tape.Core.Values;
using Tape.Storage.Tapes;

namespace Tape.TestKit.Tapes;

/// <summary>A record of a tape that a test makes up.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Connection">Its connection, or 0.</param>
/// <param name="Time">Receive time.</param>
/// <param name="Payload">Its bytes.</param>
public sealed record ScriptedRecord(RecordKind Kind, long Connection, UnixNanos Time, byte[] Payload)
{
    /// <summary>The record as a reader gives it.</summary>
    public TapeRecord At(long seq) => new(seq, Kind, Connection, Time, Payload);
}
