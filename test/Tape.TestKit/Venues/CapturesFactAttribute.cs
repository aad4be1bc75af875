namespace Tape.TestKit.Venues;

/// <summary>A test over captured frames; skipped, with the reason, where there are none.</summary>
public sealed class CapturesFactAttribute : FactAttribute
{
    public CapturesFactAttribute()
    {
        if (Captures.Folder is null) Skip = "No captured frames: there is no folder shared/captures/dev beside the project.";
    }
}
