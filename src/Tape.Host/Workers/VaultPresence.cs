using Tape.Collect;
using Tape.Storage.Tapes;

namespace Tape.Host.Workers;

/// <summary>
/// What works beside a running recorder begins only where its tape is: when the disk went away, folders made in its place would lie below it when it is back.
/// </summary>
public static class VaultPresence
{
    /// <exception cref="TapeException">There is no tape.</exception>
    public static void Require(IFiles files, RecorderOptions options)
    {
        if (TapeFolder.IdOf(files, options.TapeFolder) is null)
            throw new TapeException($"{options.TapeFolder}: found no tape, expected the one that is being recorded: the disk or the folder went away",
                "Bring it back; this goes on by itself.");
    }
}
