using Tape.Derive.Decoding;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;

namespace Tape.Derive.Sealing;

/// <summary>Whether the seals of a vault belong to the tape that lies beside them.</summary>
public static class SealedTape
{
    private const string Hint = "Nothing was changed. Bring the tape back that belongs to these tables. Only where nothing of it has expired: set the folder "
        + "raw aside, "
        + "and keep it; all is derived again from what is on the tape.";

    /// <summary>
    /// Refuses a vault whose seals reach beyond its tape, or are of another one, as when its folders were copied or restored from different moments. New
    /// records would take numbers that count as sealed, and never become rows. Takes no lock; what a crash leaves passes, because a range is sealed only once
    /// it is durable.
    /// </summary>
    /// <exception cref="TapeException">They do not belong together; the message says how far each reaches.</exception>
    /// <exception cref="DamagedException">The seal log or the tape can't be read.</exception>
    public static void Require(IFiles files, string vault)
    {
        var seals = SealLog.Read(files, vault);
        if ((seals.Pending ?? seals.Committed.LastOrDefault()) is not { } last) return;
        var (log, folder) = (PartPath.SealLog(vault), TapeRange.Folder(vault));
        if (TapeFolder.IdOf(files, folder) is not { } tape)
            throw new TapeException($"{log}: records up to {last.ToSeqExcl} of tape {last.Tape} are sealed, found no tape in {folder}", Hint);
        if (tape.ToString("x16") != last.Tape)
            throw new TapeException($"{log}: records of tape {last.Tape} are sealed, found tape {tape:x16} in {folder}", Hint);
        if (TapeFolder.EndOf(files, folder) is var end && end < last.ToSeqExcl)
            throw new TapeException($"{log}: records up to {last.ToSeqExcl} are sealed, but the tape ends at {end}: it is an older copy than the tables", Hint);
    }

    /// <summary>
    /// As <see cref="Require"/>, for who records: damage stops no recording, since a tape can't be recorded later, and what waits for the seal log says so
    /// itself.
    /// </summary>
    /// <returns>The damage; null for none.</returns>
    /// <exception cref="TapeException">They do not belong together.</exception>
    public static DamagedException? RequireUnlessDamaged(IFiles files, string vault)
    {
        try
        {
            Require(files, vault);
            return null;
        }
        catch (DamagedException fault)
        {
            return fault;
        }
    }
}
