namespace Tape.Storage.Files;

/// <summary>For files that anybody may have open while we want to be rid of them: where that is not possible (Windows), they stay for now.</summary>
public static class InUse
{
    /// <summary>Deletes a file unless somebody has it open.</summary>
    /// <returns>Whether it is gone; when not, the caller tries again later.</returns>
    public static bool TryDelete(IFiles files, string path)
    {
        try
        {
            files.Delete(path);
            return true;
        }
        catch (Exception fault) when (IoFaults.IsInUse(fault))
        {
            return false;
        }
    }

    /// <summary>Renames a file over another one unless somebody has that open.</summary>
    /// <returns>Whether it is done; when not, both are as before, and the caller tries again later.</returns>
    public static bool TryReplace(IFiles files, string from, string to)
    {
        try
        {
            files.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception fault) when (IoFaults.IsInUse(fault))
        {
            return false;
        }
    }
}
