namespace Tape.Derive.Instruments;

/// <summary>What was said of an instrument, and while it was said.</summary>
/// <param name="Instrument">What the venue said.</param>
/// <param name="PathName">The symbol's name in paths.</param>
/// <param name="ValidFrom">When we first received this, by our clock.</param>
/// <param name="ValidTo">When we first received something else, or a list without it; null while it holds.</param>
/// <param name="AnswerSeq">The record on the answers log that first said it.</param>
public sealed record InstrumentSpan(Instrument Instrument, string PathName, UnixNanos ValidFrom, UnixNanos? ValidTo, long AnswerSeq);
