using Tape.Venues.Sequences;

namespace Tape.Venues.Contract;

/// <summary>One kind of stream of a venue.</summary>
/// <param name="Info">Name in the configuration, summary, default or not.</param>
/// <param name="Route">The route that delivers it.</param>
/// <param name="WireName">What the venue calls it in stream names.</param>
/// <param name="FirstDataWithin">See <see cref="StreamPlan.FirstDataWithin"/>.</param>
/// <param name="SilentAfter">See <see cref="StreamPlan.SilentAfter"/>.</param>
internal sealed record VenueChannel(ChannelInfo Info, string Route, string WireName, TimeSpan? FirstDataWithin, TimeSpan? SilentAfter)
{
    /// <summary>Which ids follow one another.</summary>
    public SequenceKind Ids { get; init; }

    /// <summary>The venue sends whatever happens: silence longer than <see cref="SilentAfter"/> is a gap.</summary>
    public bool IsMetronome { get; init; }

    /// <summary>See <see cref="SequenceRule.IsSnapshot"/>.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>See <see cref="SequenceRule.BeginsWithSnapshot"/>.</summary>
    public bool BeginsWithSnapshot { get; init; }

    /// <summary>A channel whose silence means nothing.</summary>
    public static VenueChannel Sparse(string name, string summary, bool isDefault, string route) => new(new(name, summary, isDefault), route, name, null, null);

    /// <summary>A channel that delivers within so many seconds, and is silent when it has not for so many.</summary>
    public static VenueChannel Steady(string name, string summary, bool isDefault, string route, int firstSeconds, int silentSeconds)
        => new(new(name, summary, isDefault), route, name, TimeSpan.FromSeconds(firstSeconds), TimeSpan.FromSeconds(silentSeconds));

    /// <summary>How a gap in one of a venue's channels shows.</summary>
    /// <param name="wireName">As in <see cref="WireName"/>; of any other nothing is known.</param>
    public static SequenceRule SequenceOf(IReadOnlyList<VenueChannel> channels, string wireName) =>
        channels.FirstOrDefault(channel => channel.WireName == wireName) is { } known
            ? new(known.Ids, known.FirstDataWithin, known.IsMetronome ? known.SilentAfter : null)
            {
                SilentAfter = known.SilentAfter,
                IsSnapshot = known.IsSnapshot,
                BeginsWithSnapshot = known.BeginsWithSnapshot,
            }
            : SequenceRule.None;
}
