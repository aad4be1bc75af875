using System.Text;
using Tape.TestKit.Venues;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Binance;

public sealed class BinanceContractTests : VenueContract
{
    protected override IVenue Venue { get; } = new BinanceVenue();

    protected override IReadOnlyList<byte[]> Fixtures { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Binance", "frames.jsonl")).Select(Encoding.UTF8.GetBytes)];

    protected override VenueVerdict Oracle(byte[] frame) => BinanceOracle.Decode(frame);

    [CapturesFact]
    public void Every_captured_frame_gives_the_events_of_the_oracle()
    {
        var frames = Captures.Frames("binance-usdm").ToList();
        Assert.All(frames, frame => Assert.Null(Oracle(frame).Fault));
        Assert.All(frames, Check);
    }
}
