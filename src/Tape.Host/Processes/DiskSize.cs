namespace Tape.Host.Processes;

/// <summary>How large a disk is.</summary>
public static class DiskSize
{
    /// <summary>Bytes of the volume that holds a folder; null where the platform does not say, as for network shares on Windows.</summary>
    public static long? Of(string folder)
    {
        try
        {
            return new DriveInfo(folder).TotalSize;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Without a size only the age counts, which is announced at start as it is.
            return null;
        }
    }
}
