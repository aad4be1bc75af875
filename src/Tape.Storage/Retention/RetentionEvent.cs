namespace Tape.Storage.Retention;

/// <summary>What keeping the tape did or could not do.</summary>
/// <param name="FirstSeq">First record of the segment that it is about.</param>
/// <param name="Bytes">Bytes saved or freed; 0 where nothing was.</param>
/// <param name="Text">What happened, as a sentence.</param>
public sealed record RetentionEvent(RetentionAct Act, long FirstSeq, long Bytes, string Text);

/// <summary>Kinds of <see cref="RetentionEvent"/>.</summary>
public enum RetentionAct
{
    /// <summary>A segment was compressed.</summary>
    Compressed,

    /// <summary>A segment was verified: its tables hold what it derives to.</summary>
    Verified,

    /// <summary>A segment was deleted by the rules.</summary>
    Expired,

    /// <summary>A segment stays as it is although its time has come; told once for each reason.</summary>
    Hindered,
}
