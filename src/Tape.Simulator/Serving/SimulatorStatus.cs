namespace Tape.Simulator.Serving;

/// <summary>What a simulator is doing, at one moment.</summary>
/// <param name="Connections">Connections now.</param>
/// <param name="FramesMade">Data frames given to connections since the start (those that faults took away included).</param>
/// <param name="FramesSent">Messages sent whole.</param>
/// <param name="BytesSent">Their payload.</param>
/// <param name="FramesSkipped">Frames that fault scripts took away.</param>
/// <param name="FramesLate">Frames that were due and not made, because the machine was too slow or asleep.</param>
public sealed record SimulatorStatus(int Connections, long FramesMade, long FramesSent, long BytesSent, long FramesSkipped, long FramesLate);
