using System.Text;
using Tape.TestKit.Venues;
using Tape.Venues.Contract;
using Tape.Venues.Okx;

namespace Tape.Venues.Tests.Okx;

public sealed class OkxContractTests : VenueContract
{
    protected override IVenue Venue { get; } = new OkxVenue();

    protected override IReadOnlyList<byte[]> Fixtures { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Okx", "frames.jsonl")).Select(Encoding.UTF8.GetBytes)];

    protected override VenueVerdict Oracle(byte[] frame) => OkxOracle.Decode(frame);

    [CapturesFact]
    public void Every_captured_frame_gives_the_events_of_the_oracle()
    {
        var frames = Captures.Frames("okx").ToList();
        Assert.All(frames, frame => Assert.Null(Oracle(frame).Fault));
        Assert.All(frames, Check);
    }
}
