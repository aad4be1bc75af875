using Tape.Core.Candles;

namespace Tape.Tables.Candles;

/// <summary>Writes and reads files of candles. Not thread-safe.</summary>
public interface ICandleFiles
{
    /// <summary>Writes a new file, whole and synced when this returns; its folder is there, and syncing that is the caller's.</summary>
    /// <param name="path">Absolute path; a file that is there is replaced.</param>
    /// <param name="rows">In the order in which they are to stand there, at least one.</param>
    /// <exception cref="TapeException">It could not be written; nothing is left at the path.</exception>
    void Write(string path, IReadOnlyList<StoredCandle> rows);

    /// <summary>Reads a file whole. What its rows say is not judged here.</summary>
    /// <exception cref="DamagedException">It does not open, its columns are not those of candles, or a value is missing that can't be.</exception>
    IReadOnlyList<StoredCandle> Read(string path);
}
