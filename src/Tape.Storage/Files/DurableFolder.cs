namespace Tape.Storage.Files;

/// <summary>Creates folders so that they survive a power cut.</summary>
public static class DurableFolder
{
    /// <summary>Creates a folder with its parents and syncs the name of each one that was not there.</summary>
    public static void Create(IFiles files, string folder)
    {
        if (Path.GetDirectoryName(folder) is not { Length: > 0 } parent) return;
        if (files.ListFolders(parent).Contains(Path.GetFileName(folder))) return;
        Create(files, parent);
        files.CreateFolder(folder);
        files.SyncFolder(parent);
    }
}
