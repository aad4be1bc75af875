using Tape.Storage.Files;

namespace Tape.Storage.Tapes;

/// <summary>
/// A file that holds room on the disk for notes about the disk being full. Emptying it frees the room, also while somebody copies it, which keeps it from being
/// deleted on Windows; it is made again once there is plenty. It holds random bytes, because file systems that compress would store zeros as nothing. Losing it
/// is no failure, so it is not synced.
/// </summary>
internal sealed class TapeReserve(IFiles files, string folder, int bytes, TimeProvider time, Random chance)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly string _path = Path.Combine(folder, "reserve");
    private bool _isThere;
    private long _triedAt;
    private bool _tried;

    /// <summary>Gives the room back to the disk.</summary>
    public void Free()
    {
        Empty();
        _isThere = false;
        (_tried, _triedAt) = (true, time.GetTimestamp());
    }

    /// <summary>Makes the reserve when it is missing and the disk has four times its size; at most one try a second.</summary>
    public void Ensure()
    {
        if (_isThere || (_tried && time.GetElapsedTime(_triedAt) < RetryAfter)) return;
        (_tried, _triedAt) = (true, time.GetTimestamp());
        if (files.FileExists(_path) && files.FileLength(_path) == bytes) _isThere = true;
        else if (files.FreeBytes(folder) >= 4L * bytes) _isThere = TryMake();
    }

    private bool TryMake()
    {
        var content = new byte[bytes];
        chance.NextBytes(content);
        try
        {
            using var file = files.Open(_path, FileUse.Replace);
            file.Write(0, content);
            return true;
        }
        catch (DiskFullException)
        {
            // Someone else took the room in between. The next try comes after a second; until then there is nothing to keep.
            Empty();
            return false;
        }
    }

    private void Empty()
    {
        try
        {
            if (files.FileExists(_path)) files.Open(_path, FileUse.Replace).Dispose();
        }
        catch (Exception fault) when (IoFaults.IsInUse(fault))
        {
            // Another program reads it and lets nobody write (Windows): the room can't be had now, which the write that wants it will find.
        }
    }
}
