using System.Globalization;
using System.Text;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Instruments;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Derive.Tests.Instruments;

public sealed class InstrumentHistoryTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void A_vault_without_answers_has_no_instruments() => Assert.Empty(InstrumentHistory.Read(TestDisk.Files, _root["vault"]));

    [Fact]
    public void A_span_lasts_while_the_venue_says_the_same_of_a_symbol()
    {
        Write((10, "A/B 1 TRADING;C 5 TRADING", null), (20, "", 0), (30, "A/B 1 TRADING;C 10 TRADING;D 1 TRADING", null),
            (40, "A/B 1 SETTLING;C 10 TRADING", null), (50, "C 10 TRADING;A-B 1 TRADING", null));
        Assert.Equal(
            [
                "A-B A-B-2 size 1 TRADING 50..",
                "A/B A-B size 1 SETTLING 40..50",
                "A/B A-B size 1 TRADING 10..40",
                "C C size 10 TRADING 30..",
                "C C size 5 TRADING 10..30",
                "D D size 1 TRADING 30..40",
            ],
            Read().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_symbol_that_comes_back_has_a_new_span_and_its_old_path()
    {
        Write((10, "A/B 1 TRADING;A-B 1 TRADING", null), (20, "A/B 1 TRADING", null), (30, "A-B 1 TRADING", null));
        Assert.Equal(["A-B A-B-2 size 1 TRADING 10..20", "A-B A-B-2 size 1 TRADING 30..", "A/B A-B size 1 TRADING 10..30"], Read());
    }

    [Fact]
    public void A_clock_that_was_set_back_between_lists_makes_no_span_that_ends_before_it_began()
    {
        Write((100, "A 1 TRADING", null), (50, "A 2 TRADING", null), (60, "A 3 TRADING", null), (200, "A 4 TRADING", null));
        Assert.Equal(["A A size 1 TRADING 100..100", "A A size 2 TRADING 100..100", "A A size 3 TRADING 100..200", "A A size 4 TRADING 200.."], Read());
    }

    [Fact]
    public void What_can_not_be_read_or_is_of_an_unknown_venue_says_nothing()
    {
        Write((10, "A 1 TRADING", null), (20, "", null));
        using (var log = Open()) log.Append(new AnswerHead("nowhere", "instruments", "u", 200, 30, 30), "B 1 TRADING"u8);
        Assert.Equal(["A A size 1 TRADING 10.."], Read());
    }

    [Fact]
    public void A_damaged_log_is_told()
    {
        Write((10, "A 1 TRADING", null), (20, "A 2 TRADING", null));
        var path = Directory.GetFiles(AnswersLog.Folder(_root["vault"]), "*.tape").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[150] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<DamagedException>(() => Read());
    }

    public void Dispose() => _root.Dispose();

    private List<string> Read() =>
    [
        .. InstrumentHistory.ReadWith(TestDisk.Files, _root["vault"], name => name == "lines" ? new LineVenue() : null).Select(span => string.Create(
            CultureInfo.InvariantCulture,
                $"{span.Instrument.Symbol} {span.PathName} size {span.Instrument.ContractSize} {span.Instrument.Status} {span.ValidFrom.Value}.."
                + $"{span.ValidTo?.Value}")),
    ];

    private void Write(params (long At, string Body, long? SameAs)[] answers)
    {
        using var log = Open();
        foreach (var (at, body, same) in answers)
            log.Append(new AnswerHead("lines", "instruments", "u", 200, at, at) { SameAs = same }, Encoding.UTF8.GetBytes(body));
    }

    private AnswersWriter Open() =>
        AnswersWriter.Open(TestDisk.Files, _root["vault"], new FakeTime(), new Random(1), new OwnerInfo("tests", 1, new UnixNanos(1)));

    /// <summary>A venue with contracts of any size, whose lists are <c>symbol size status;…</c>.</summary>
    private sealed class LineVenue : IVenue, IVenueRest
    {
        public string Name => "lines";
        public IReadOnlyList<ChannelInfo> Channels => [];
        public IVenueRest Rest => this;
        public Uri Endpoint => new("https://venue.test");
        public RestLimits Limits => new(1, null);
        public RestRequest Instruments => new("instruments", "/", 1);
        public RestRequest ServerTime => new("server_time", "/", 1);
        public TimeSpan ServerTimeStep => TimeSpan.Zero;

        public InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body) => body.IsEmpty
            ? InstrumentAnswer.Refused("empty")
            : new([.. Encoding.UTF8.GetString(body.Span).Split(';').Select(line => One(line.Split(' ')))], [], null);

        public IReadOnlyList<string> Check(SubscriptionRequest request) => [];
        public IReadOnlyList<ConnectionPlan> Plan(SubscriptionRequest request) => [];
        public FrameDecoder CreateDecoder() => throw new NotSupportedException();
        public string? ReadError(ReadOnlyMemory<byte> body) => null;

        public UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault)
        {
            fault = "has none";
            return default;
        }

        private static Instrument One(string[] words) => new()
        {
            Venue = "lines",
            Symbol = words[0],
            Name = words[0],
            Base = "B",
            Quote = "Q",
            Margin = "Q",
            Kind = InstrumentKind.Perpetual,
            ContractType = "",
            Status = words[2],
            IsTrading = words[2] == "TRADING",
            TickSize = 1,
            LotSize = 1,
            ContractSize = double.Parse(words[1], CultureInfo.InvariantCulture),
        };
    }
}
