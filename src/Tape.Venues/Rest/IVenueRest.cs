namespace Tape.Venues.Rest;

/// <summary>
/// Pure knowledge of a venue's public REST side: what to ask, within which limits, and what answers mean. Immutable and thread-safe; readers never throw on any
/// input.
/// </summary>
public interface IVenueRest
{
    /// <summary>The venue's own base address.</summary>
    Uri Endpoint { get; }

    RestLimits Limits { get; }

    /// <summary>Asks for all instruments, or for the first page of them.</summary>
    RestRequest Instruments { get; }

    /// <summary>Asks for the venue's time.</summary>
    RestRequest ServerTime { get; }

    /// <summary>The step of the venue's clock; what it tells is cut off to a whole step.</summary>
    TimeSpan ServerTimeStep { get; }

    /// <summary>
    /// Reads the body of a good answer to <see cref="Instruments"/>; of a list of several pages their bodies together, see <see cref="RestPages"/>.
    /// </summary>
    InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body);

    /// <summary>Looks whether a list of instruments goes on behind a page.</summary>
    /// <param name="page">The body of a good answer.</param>
    /// <param name="fault">What is wrong with it, or null.</param>
    /// <returns>What asks for the next page; null behind the last one, and of a page with a fault.</returns>
    RestRequest? NextInstruments(ReadOnlyMemory<byte> page, out string? fault)
    {
        fault = ReadInstruments(page).Fault;
        return null;
    }

    /// <summary>Reads the body of a good answer to <see cref="ServerTime"/>.</summary>
    /// <param name="fault">What is wrong with it, or null.</param>
    UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault);

    /// <summary>Asks how far the book has come whose changes a stream brings; null where the venue has no answer that fits the stream's ids.</summary>
    RestRequest? Book(StreamKey stream) => null;

    /// <summary>Reads the body of a good answer to <see cref="Book"/>.</summary>
    /// <param name="fault">What is wrong with it, or null.</param>
    /// <returns>The update id as of which the answer is the full snapshot.</returns>
    long ReadBook(ReadOnlyMemory<byte> body, out string? fault)
    {
        fault = "the venue has no such answer";
        return Absent.Integer;
    }

    /// <summary>The venue's own one-minute candles; null where we know none.</summary>
    IVenueCandles? Candles => null;

    /// <summary>What the venue says about an error in the body of its answer; null when the body says nothing of the kind.</summary>
    string? ReadError(ReadOnlyMemory<byte> body);
}

/// <summary>A request: always GET, always public.</summary>
/// <param name="Name">Our name of it, as on the answers log: <c>instruments</c>.</param>
/// <param name="PathAndQuery">Behind the base address, from the slash on. Nothing secret stands in it.</param>
/// <param name="Weight">What it costs of <see cref="RestLimits.WeightPerMinute"/>.</param>
public sealed record RestRequest(string Name, string PathAndQuery, int Weight);

/// <summary>A venue's limits on one address of ours, with our margin taken off, so that other programs behind it have room.</summary>
/// <param name="WeightPerMinute">Weight in a UTC clock minute.</param>
/// <param name="WeightHeader">The header of answers that says how much of it is used, all programs together; null where there is none.</param>
public sealed record RestLimits(int WeightPerMinute, string? WeightHeader);

/// <summary>A list of instruments as read.</summary>
/// <param name="Instruments">In the order of their symbols, each symbol once.</param>
/// <param name="Rejected">A sentence for each entry that could not be read and was left out.</param>
/// <param name="Fault">Why the whole answer is refused; then there are no instruments. Null when it is good.</param>
public sealed record InstrumentAnswer(IReadOnlyList<Instrument> Instruments, IReadOnlyList<string> Rejected, string? Fault)
{
    public static InstrumentAnswer Refused(string fault) => new([], [], fault);
}
