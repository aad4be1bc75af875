using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>A venue of which every stream that speaks at all is silent after a second.</summary>
internal sealed class ImpatientVenue(IVenue inner) : IVenue
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public string Name => inner.Name;

    public IReadOnlyList<ChannelInfo> Channels => inner.Channels;

    public IReadOnlyList<string> Check(SubscriptionRequest request) => inner.Check(request);

    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) =>
    [
        .. inner.Plan(request).Select(plan => plan with
        {
            Streams = [.. plan.Streams.Select(stream => stream.SilentAfter is null ? stream : stream with { FirstDataWithin = Second, SilentAfter = Second })],
        }),
    ];

    public FrameDecoder CreateDecoder() => inner.CreateDecoder();
}
