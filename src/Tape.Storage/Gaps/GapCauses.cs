namespace Tape.Storage.Gaps;

/// <summary>The names of causes, as people and scripts see them.</summary>
public static class GapCauses
{
    private static readonly string[] Names =
    [
        "", "our_stop", "crash_window", "connection_lost", "dropped_here", "venue_skipped", "venue_silent", "unsubscribed", "undecodable", "refused",
    ];

    /// <summary>All causes.</summary>
    public static IReadOnlyList<GapCause> All { get; } = Enum.GetValues<GapCause>();

    /// <summary>The name: <c>connection_lost</c>.</summary>
    public static string Name(this GapCause cause) => Names[(int)cause];

    /// <summary>The cause of a name; null when there is none.</summary>
    public static GapCause? Find(string name) => All.Cast<GapCause?>().FirstOrDefault(cause => cause!.Value.Name() == name);
}
