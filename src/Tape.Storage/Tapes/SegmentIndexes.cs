using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// The indexes beside finished segments, as the writer of the tape keeps them. They are shortcuts: readers do without one, and the next opening builds what is
/// missing.
/// </summary>
internal sealed class SegmentIndexes(IFiles files)
{
    /// <summary>
    /// Builds the indexes that are missing. Those of another version are left alone, and a damaged segment gets none; nor does one that expires meanwhile,
    /// since another process may keep the tape.
    /// </summary>
    /// <param name="except">The segment that is being written.</param>
    public void BuildMissing(string folder, TapeSegmentFile except)
    {
        foreach (var segment in TapeSegmentFile.List(files, folder).Where(segment => segment != except))
            try
            {
                if (SegmentIndex.Load(files, segment) is null && SegmentIndex.OtherVersion(files, segment) is null && TryBuild(segment) is { } index)
                    Save(index, segment);
            }
            catch (FileNotFoundException)
            {
                // It, or its index right behind it, was deleted since the folder was listed: what is gone needs no index.
            }
    }

    /// <summary>Puts an index beside its segment; on a full disk there is none.</summary>
    public void Save(SegmentIndex index, TapeSegmentFile segment)
    {
        try
        {
            index.Save(files, segment.Path);
        }
        catch (DiskFullException)
        {
            files.Delete(TapeFormat.IndexPath(segment.Path));
        }
    }

    private SegmentIndex? TryBuild(TapeSegmentFile segment)
    {
        try
        {
            return SegmentIndex.Build(files, segment);
        }
        catch (DamagedException)
        {
            // An old segment's damage must not stop the recording. Reading and verifying tell it; without an index they walk the headers.
            return null;
        }
    }
}
