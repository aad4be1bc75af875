using Tape.Core.Events;
using Tape.Venues;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.TestKit.Venues;

/// <summary>A venue whose decoder was changed on purpose: prices of trades are raised by <see cref="Raise"/>, everything else is as before.</summary>
public sealed class ChangedVenue(IVenue inner) : IVenue
{
    /// <summary>What the change adds.</summary>
    public const double Raise = 10_000;

    public string Name => inner.Name;

    public IReadOnlyList<ChannelInfo> Channels => inner.Channels;

    public IVenueRest? Rest => inner.Rest;

    /// <summary>The catalog with every venue changed.</summary>
    public static IVenue? Find(string name) => VenueCatalog.Find(name) is { } venue ? new ChangedVenue(venue) : null;

    public IReadOnlyList<string> Check(SubscriptionRequest request) => inner.Check(request);

    public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) => inner.Plan(request);

    public FrameDecoder CreateDecoder() => new Decoder(inner.CreateDecoder());

    private sealed class Decoder(FrameDecoder inner) : FrameDecoder
    {
        public override FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events)
        {
            var outcome = inner.Decode(frame, events);
            (Fault, FaultIsSyntax, Control) = (inner.Fault, inner.FaultIsSyntax, inner.Control);
            var trades = events.Trades.Items.ToArray();
            events.Trades.Clear();
            foreach (var trade in trades)
            {
                ref var raised = ref events.Trades.Add();
                raised = trade;
                raised.Price += Raise;
            }

            return outcome;
        }

        public override ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame) => inner.StreamName(frame);
    }
}
