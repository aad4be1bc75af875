using Tape.Venues.Contract;

namespace Tape.Collect.Tests.Support;

/// <summary>A venue that wants connections replaced after seconds.</summary>
internal sealed class ShortLivedVenue(IVenue inner, TimeSpan lifetime, TimeSpan lifetimeMax) : IVenue
{
    public string Name => inner.Name;

    public IReadOnlyList<ChannelInfo> Channels => inner.Channels;

    public IReadOnlyList<string> Check(SubscriptionRequest request) => inner.Check(request);

    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) =>
        [.. inner.Plan(request).Select(plan => plan with { Limits = plan.Limits with { Lifetime = lifetime, LifetimeMax = lifetimeMax } })];

    public FrameDecoder CreateDecoder() => inner.CreateDecoder();
}
