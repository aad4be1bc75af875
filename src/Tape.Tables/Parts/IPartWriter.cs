using Tape.Storage.Schema;
using Tape.Tables.Rows;

namespace Tape.Tables.Parts;

/// <summary>Writes the rows of a part into a file. Not thread-safe.</summary>
public interface IPartWriter
{
    /// <summary>Writes a new file, whole and synced when this returns; its folder is there, and syncing that is the caller's.</summary>
    /// <param name="path">Absolute path of the file; one that is there is replaced.</param>
    /// <exception cref="Core.Errors.TapeException">It could not be written; nothing is left at the path.</exception>
    PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path);
}
