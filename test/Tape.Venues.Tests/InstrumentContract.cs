using Tape.Core.Values;
using Tape.TestKit.Venues;
using Tape.Venues.Rest;

namespace Tape.Venues.Tests;

/// <summary>
/// What every venue's reader of instruments promises, whatever is changed in an answer: no exception, and what is given out keeps its promises.
/// </summary>
public abstract class InstrumentContract
{
    protected abstract IVenueRest Rest { get; }

    /// <summary>A good answer with two or more instruments.</summary>
    protected abstract byte[] Good { get; }

    [Fact]
    public void Changed_answers_are_read_refused_or_named_but_never_believed_half()
    {
        var (read, refused, rejected) = (0, 0, 0);
        foreach (var body in FrameMutations.Prefixes(Good).Concat(FrameMutations.ByteChanges(Good)).Concat(FrameMutations.ValueSwaps(Good)))
        {
            var answer = Rest.ReadInstruments(body);
            if (answer.Fault is not null) refused++;
            else if (answer.Rejected.Count > 0) rejected++;
            else read++;
            Assert.True(answer.Fault is null == answer.Instruments.Count > 0, System.Text.Encoding.UTF8.GetString(body));
            Assert.All(answer.Instruments, Check);
            Rest.NextInstruments(body, out _);
            Rest.ReadError(body);
            Rest.ReadServerTime(body, out _);
        }

        Assert.True(read > 0 && rejected > 0 && refused > 0, $"{read} read, {rejected} with entries left out, {refused} refused");
    }

    private static void Check(Instrument instrument)
    {
        Assert.True(instrument is { TickSize: > 0, LotSize: > 0 } && double.IsFinite(instrument.TickSize + instrument.LotSize));
        Assert.True(double.IsNaN(instrument.ContractSize) || (instrument.ContractSize > 0 && double.IsFinite(instrument.ContractSize)));
        Assert.True(double.IsNaN(instrument.MinNotional) || instrument.MinNotional > 0);
        foreach (var text in new[] { instrument.Symbol, instrument.Name, instrument.Base, instrument.Quote, instrument.Margin, instrument.Status })
            Assert.False(string.IsNullOrEmpty(text) || text.Any(char.IsControl));
        Assert.True(instrument.ListedAt is null || instrument.ListedAt > new UnixNanos(0));
    }
}
