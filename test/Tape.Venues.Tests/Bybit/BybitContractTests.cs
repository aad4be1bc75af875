using System.Text;
using Tape.TestKit.Venues;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Bybit;

public sealed class BybitContractTests : VenueContract
{
    protected override IVenue Venue { get; } = new BybitVenue();

    protected override IReadOnlyList<byte[]> Fixtures { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Bybit", "frames.jsonl")).Select(Encoding.UTF8.GetBytes)];

    protected override VenueVerdict Oracle(byte[] frame) => BybitOracle.Decode(frame);

    [CapturesFact]
    public void Every_captured_frame_gives_the_events_of_the_oracle()
    {
        var frames = Captures.Frames("bybit-linear").Concat(Captures.Frames("bybit-spot")).ToList();
        Assert.All(frames, frame => Assert.Null(Oracle(frame).Fault));
        Assert.All(frames, Check);
    }
}
