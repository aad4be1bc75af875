namespace Tape.Collect.Connections;

/// <summary>A venue lets nobody in from our address.</summary>
/// <param name="Venue">Who.</param>
/// <param name="Status">The HTTP status that it answered.</param>
/// <param name="Meaning">What that means, as a phrase that follows the venue's name.</param>
/// <param name="Until">No attempt is made before this time, by the wall clock.</param>
/// <param name="Advice">What to do.</param>
public sealed record AccessRefusal(string Venue, int Status, string Meaning, UnixNanos Until, string Advice)
{
    /// <summary>The reason, as screens and logs show it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Venue} {Meaning} (HTTP {Status}); no attempt before {Until.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z");
}
