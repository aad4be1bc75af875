namespace Tape.Storage.Tapes.Format;

/// <summary>
/// Tells damage from a torn tail. Each block says what lay before it that might not be durable when it was written. So a whole header behind a bad place that
/// says that the bad place was durable proves that it once was good: it is damage, and nothing may be cut. Without such a header the bad place was never
/// synced, and a crash may tear it anywhere.
/// </summary>
internal static class LaterCommit
{
    /// <summary>The offset of a block that was written after the bytes at <paramref name="badOffset"/> were durable; -1 when there is none.</summary>
    public static long Find(IFileHandle file, long badOffset, long tapeId) => LaterBlock.Find(file, badOffset, tapeId, mustProve: true);
}
