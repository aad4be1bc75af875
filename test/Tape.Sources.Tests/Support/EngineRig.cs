using Tape.Sources.Rest;
using Tape.TestKit.Time;
using Tape.Venues.Binance;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Sources.Tests.Support;

/// <summary>An engine of Binance's REST side on a fake clock before prepared answers.</summary>
internal sealed class EngineRig : IDisposable
{
    public static readonly IVenue Venue = new BinanceVenue();

    public EngineRig(RestEngineOptions? options = null, string endpoint = "https://venue.test", int seed = 1)
    {
        Handler = new ScriptedHandler(Time);
        Engine = new RestEngine("binance", new Uri(endpoint), Rest, Handler, options ?? new RestEngineOptions(), Time, new Random(seed));
    }

    /// <summary>Starts at second 20 of a minute.</summary>
    public FakeTime Time { get; } = new(new DateTimeOffset(2026, 11, 21, 10, 0, 20, TimeSpan.Zero));

    public ScriptedHandler Handler { get; }

    public RestEngine Engine { get; }

    public static IVenueRest Rest => Venue.Rest!;

    public static RestRequest Request { get; } = new("ping", "/fapi/v1/ping?a=1", 1);

    /// <summary>Seconds between the requests that were sent.</summary>
    public IEnumerable<double> Gaps => Handler.Requests.Zip(Handler.Requests.Skip(1), (before, after) => (after.At - before.At).TotalSeconds);

    public async Task<RestOutcome> SendAsync(RestRequest? request = null, Func<ReadOnlyMemory<byte>, string?>? fault = null)
    {
        var sending = Engine.SendAsync(request ?? Request, fault ?? (_ => null), CancellationToken.None);
        await Time.AdvanceUntilAsync(() => sending.IsCompleted, "an answer or a failure", TimeSpan.FromMilliseconds(100));
        return await sending;
    }

    public void Dispose()
    {
        Engine.Dispose();
        Handler.Dispose();
    }
}
