using Tape.Core.Values;

namespace Tape.Derive.Activity;

/// <summary>What a minute of recording brought. Minutes change at ticks.</summary>
/// <param name="Start">Its beginning on the recorder's wall clock.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="FrameBytes">Their bytes.</param>
/// <param name="Dropped">Frames declared dropped.</param>
/// <param name="Interruptions">Connections lost, drops declared, pauses of storage and crashes; not our own stops and rotations.</param>
public sealed record ActivityMinute(UnixNanos Start, long Frames, long FrameBytes, long Dropped, int Interruptions);
