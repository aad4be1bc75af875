using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.Derive.Sealing;

/// <summary>
/// Brings generations to a clean state; every owner of the seal log calls it first. A replacement that was announced and not committed is forgotten:
/// its range still has all its old files, so nothing is lost and the next derivation begins it anew; so is an announced merge. Files that a committed
/// replacement put out of use go to <c>archive/superseded/</c>; parts that were merged are deleted, since the merged file was proven to hold the same rows.
/// </summary>
internal static class GenerationRecovery
{
    /// <summary>Forgets and sets aside.</summary>
    /// <param name="version">Of this program's decoders: a first seal that other decoders announced and did not complete is forgotten too, and then sealed
    /// anew.</param>
    /// <returns>Superseded files that could not be moved because somebody has them open (Windows); the next call tries again, and no reader of ours looks at
    /// them.</returns>
    public static int Run(IFiles files, string vault, SealLog log, string version)
    {
        if (log.Pending is { } pending && (pending is SupersedeEntry or MergeEntry || pending.Decoder != version)) Forget(files, vault, log, pending);
        var left = 0;
        foreach (var old in log.Superseded.ToList()) left += SetAside(files, vault, log, old);
        foreach (var old in log.OutOfUse.ToList()) left += Delete(files, vault, log, old);
        return left;
    }

    /// <summary>Deletes the parts that a merge took the rows of.</summary>
    /// <returns>How many stay because somebody has them open.</returns>
    public static int Delete(IFiles files, string vault, SealLog log, OutOfUseParts old)
    {
        var left = 0;
        foreach (var folder in old.Paths.Select(path => EntryPath.Confine(files, vault, path)).GroupBy(path => Path.GetDirectoryName(path)!))
        {
            left += folder.Count(path => !InUse.TryDelete(files, path));
            SyncIfThere(files, folder.Key);
        }

        if (left == 0) log.AppendArchived(old.By);
        return left;
    }

    /// <summary>Moves the files of a replaced seal out of the tables' folders.</summary>
    /// <returns>How many stay because they could not be moved.</returns>
    public static int SetAside(IFiles files, string vault, SealLog log, SupersededSeal old)
    {
        var left = 0;
        (string From, string To)[] moves = [.. old.Seal.Files.Where(file => file.Fold is null)
            .Select(file => (EntryPath.Confine(files, vault, file.Path), EntryPath.Confine(files, vault, PartPath.Archived(file.Path))))];
        foreach (var (from, to) in moves)
        {
            DurableFolder.Create(files, Path.GetDirectoryName(to)!);
            if (files.FileExists(from) && !TryMove(files, from, to)) left++;
            // Also when a cut run moved it: only then is the move certain to outlast the entry that says so.
            files.SyncFolder(Path.GetDirectoryName(to)!);
            SyncIfThere(files, Path.GetDirectoryName(from)!);
        }

        if (left == 0) log.AppendArchived(old.By);
        return left;
    }

    private static bool TryMove(IFiles files, string from, string to)
    {
        try
        {
            files.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Open in another program: it stays where it is, out of use, is counted, and is tried again.
            return false;
        }
    }

    private static void Forget(IFiles files, string vault, SealLog log, SealEntry pending)
    {
        foreach (var path in pending.Files.Select(file => EntryPath.Confine(files, vault, file.Path)).ToList())
        {
            files.Delete(path);
            SyncIfThere(files, Path.GetDirectoryName(path)!);
        }

        log.AppendAbort(pending.Id);
    }

    private static void SyncIfThere(IFiles files, string folder)
    {
        if (files.ListFolders(Path.GetDirectoryName(folder)!).Contains(Path.GetFileName(folder))) files.SyncFolder(folder);
    }
}
