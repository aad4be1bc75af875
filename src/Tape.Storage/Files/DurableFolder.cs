namespace Tape.Storage.Files;

/// <summary>Creates folders so that they survive a power cut.</summary>
public static class DurableFolder
{
    /// <summary>Creates a folder with its parents and syncs the name of each one that was not there.</summary>
    /// <param name="isPrivate">Whether the folder, when it is made, is for its owner only.</param>
    public static void Create(IFiles files, string folder, bool isPrivate = false)
    {
        if (Path.GetDirectoryName(folder) is not { Length: > 0 } parent) return;
        if (files.ListFolders(parent).Contains(Path.GetFileName(folder))) return;
        Create(files, parent);
        files.CreateFolder(folder, isPrivate);
        files.SyncFolder(parent);
    }
}
