namespace Tape.Simulator.Faults;

/// <summary>What kind of rubbish a garbage fault sends.</summary>
public enum GarbageKind
{
    /// <summary>A whole text message that is cut-off JSON.</summary>
    Text,

    /// <summary>A whole binary message of random bytes.</summary>
    Binary,

    /// <summary>A text message that is not UTF-8: clients must close with 1007.</summary>
    Utf8,

    /// <summary>Bytes that are no WebSocket frame: clients must close with 1002.</summary>
    Frame,
}
