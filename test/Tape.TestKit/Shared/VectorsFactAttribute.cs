namespace Tape.TestKit.Shared;

/// <summary>A test over published values; skipped, with the reason, where there are none.</summary>
public sealed class VectorsFactAttribute : FactAttribute
{
    public VectorsFactAttribute()
    {
        if (Folder is null) Skip = "No published values: there is no folder shared/vectors beside the project.";
    }

    /// <summary>The folder with one folder a subject, or null.</summary>
    public static string? Folder { get; } = SharedFolder.Find("vectors");
}
