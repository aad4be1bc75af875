using System.Net;
using System.Text;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Derive.Books;
using Tape.Derive.Decoding;
using Tape.SimulationTests.Exchange;
using Tape.Sources.Books;
using Tape.Sources.Rest;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Books;

namespace Tape.SimulationTests.Books;

/// <summary>
/// The server's part of a simulation that is about books: follows the tape as a process of its own would, over the disk and not through the recorder's files,
/// and asks the exchanges over REST.
/// </summary>
internal sealed class BookDesk : IUnalignedBooks, IDisposable
{
    private readonly string _tape;
    private readonly FakeTime _time;
    private readonly Exchanges _exchanges;
    private readonly List<RestEngine> _engines = [];
    private readonly List<(BookAligner Aligner, DateTimeOffset Next)> _aligners = [];
    private LiveBooks _books = new(VenueCatalog.Find);
    private RecentActivity? _activity;
    private TapeReader? _reader;

    public BookDesk(string tape, FakeTime time, ScriptedWorld world)
    {
        (_tape, _time, _exchanges) = (tape, time, new Exchanges(world, time));
        foreach (var venue in world.Venues.Select(script => VenueCatalog.Find(script.Venue)!))
        {
            var engine = new RestEngine(venue.Name, new Uri($"https://{venue.Name}"), venue.Rest!, _exchanges, BookAligner.EngineOptions, time, new Random(1));
            _engines.Add(engine);
            _aligners.Add((new BookAligner(venue.Name, venue.Rest!, engine, this, time), default));
        }
    }

    /// <summary>Questions that reached an exchange.</summary>
    public int Asked => _exchanges.Asked;

    /// <summary>Answers after which a book was aligned.</summary>
    public int Aligned { get; private set; }

    public void Step()
    {
        Follow();
        for (var index = 0; index < _aligners.Count; index++)
        {
            if (_time.GetUtcNow() < _aligners[index].Next) continue;
            // The clock stands meanwhile, and the exchanges answer at once.
            var pause = _aligners[index].Aligner.StepAsync(CancellationToken.None).GetAwaiter().GetResult();
            _aligners[index] = (_aligners[index].Aligner, _time.GetUtcNow() + pause);
        }
    }

    /// <summary>The power has gone, for the server as well.</summary>
    public void Die()
    {
        _reader?.Dispose();
        _reader = null;
    }

    public IReadOnlyList<UnalignedBook> Unaligned(string venue) => _books.Unaligned(venue);

    public void Answered(UnalignedBook book, long updateId)
    {
        _books.Answered(book, updateId);
        if (_books.StandingOf(book.Stream)!.State == BookState.Aligned) Aligned++;
    }

    public void Failed(UnalignedBook book, string reason) => _books.Failed(book, reason);

    public void Dispose()
    {
        Die();
        foreach (var engine in _engines) engine.Dispose();
        _exchanges.Dispose();
    }

    private void Follow()
    {
        try
        {
            if (_reader is null) Begin();
            while (_reader is not null && _reader.TryRead(out var record)) _activity!.Take(record);
        }
        catch (Exception fault) when (fault is TapeException or IOException)
        {
            Die();
        }
    }

    private void Begin()
    {
        if (TapeFolder.IdOf(TestDisk.Files, _tape) is null) return;
        _books = new LiveBooks(VenueCatalog.Find);
        _activity = new RecentActivity(DerivationState.Start, VenueCatalog.Find, _books);
        _reader = TapeReader.Open(TestDisk.Files, _tape, 0);
    }

    /// <summary>The REST sides of all exchanges; each fifth question fails.</summary>
    private sealed class Exchanges(ScriptedWorld world, FakeTime time) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var market = world.Venues.Single(venue => venue.Venue == request.RequestUri!.Host).Market;
            var (status, body) = ++Asked % 5 == 0
                ? (HttpStatusCode.InternalServerError, "{}")
                : (HttpStatusCode.OK, BookVenue.Answer(market, UnixNanos.From(time.GetUtcNow()).Value / UnixNanos.PerMillisecond));
            return Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) });
        }
    }
}
