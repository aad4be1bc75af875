using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Derive.Books;
using Tape.Derive.Decoding;
using Tape.Simulator.Serving;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;
using Tape.Venues.Books;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.SimulationTests.Books;

/// <summary>
/// A book recorded over connections that come, go and overlap, with frames lost, doubled and swapped, and services that start again; REST answers come late,
/// fail, or are old. Beside it a client that keeps real levels: whenever the book is called aligned, the client's must be the market's.
/// </summary>
internal sealed class BookRehearsal : IFrameSink
{
    private const int SnapshotsKept = 5;
    private const int GoneKept = 3;
    private const int FramesKept = 200;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly BookVenue _venue;
    private readonly Random _chance;
    private readonly SimulatedStream _stream;
    private readonly LiveBooks _books = new(VenueCatalog.Find);
    private readonly RecentActivity _activity;
    private readonly FrameDecoder _decoder;
    private readonly EventBuffer _events = new();
    private readonly ShadowBook _market = new();
    private readonly Dictionary<long, long> _sums = [];
    private readonly List<BookFeed> _feeds = [];
    private readonly List<BookFeed> _gone = [];
    private readonly List<(long Id, ShadowBook Book)> _snapshots = [];
    private readonly List<(long Id, ShadowBook Book)> _clients = [];
    private readonly Queue<(UnalignedBook Question, long Id, int At)> _answers = new();
    private UnixNanos _now = new(1_795_000_000L * UnixNanos.PerSecond);
    private BookState? _before;
    private bool _isCalm;
    private bool _isRestarted;
    private long _connection;
    private long _seq;
    private int _step;

    public BookRehearsal(string venue, int seed)
    {
        _venue = BookVenue.Of(venue, seed, _now);
        (_chance, _decoder) = (new Random(seed), _venue.Venue.CreateDecoder());
        _activity = new RecentActivity(DerivationState.Start, VenueCatalog.Find, _books);
        _stream = _venue.Market.Find(_venue.Wire)!;
        if (_venue.Picture is { } snapshot) _market = BookVenue.Read(snapshot(0));
        _venue.Market.SetActive(_stream, active: true, _now);
    }

    /// <summary>How often the book was called each state, by frame.</summary>
    public Dictionary<BookState, int> Seen { get; } = [];

    /// <summary>How often client and market were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Snapshots that the market gave over REST.</summary>
    public int Asked { get; private set; }

    /// <summary>How it is now.</summary>
    public BookStatus Standing => _books.StandingOf(_venue.Stream)!;

    /// <param name="isCalm">Over one connection, without troubles.</param>
    public void Run(int steps, bool isCalm)
    {
        _isCalm = isCalm;
        foreach (var feed in _feeds.ToList()) Disconnect(feed);
        Connect();
        for (var end = _step + steps; _step < end; _step++)
        {
            _now = _now.Add(Step);
            if (!_isCalm) MakeTrouble();
            _venue.Market.Advance(_now, this);
            Ask();
        }
    }

    public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        var payload = Learn(data, isWhole);
        foreach (var feed in _feeds.ToList()) Send(feed, payload);
    }

    private void MakeTrouble()
    {
        var dice = _chance.Next(100);
        if (dice < 3 && _feeds.Count < 3) Connect();
        else if (dice < 6 && _feeds.Count > 0) Disconnect(_feeds[_chance.Next(_feeds.Count)]);
        else if (dice == 6 && !_isRestarted) Restart();
        if (_feeds.Count == 0 && _chance.Next(3) == 0) Connect();
    }

    /// <summary>Once: numbers that begin at the same place twice would not tell the client here which change belongs where.</summary>
    private void Restart()
    {
        _isRestarted = true;
        _venue.Market.Restart();
    }

    private void Connect()
    {
        var feed = new BookFeed(++_connection);
        _feeds.Add(feed);
        var noted = new NotedStream(_venue.Stream.Channel, _venue.Stream.Symbol, _venue.Wire);
        Take(RecordKind.Note, feed.Number, new ConnectedNote(_venue.Stream.Venue, "public", 0, "ws://test", "127.0.0.1:1", [noted]).ToJson());
        _venue.Market.Greet(_stream, _now, new OnlyTo(feed, this));
    }

    private void Disconnect(BookFeed feed)
    {
        _feeds.Remove(feed);
        _gone.Add(feed);
        if (_gone.Count > GoneKept) _gone.RemoveAt(0);
        Take(RecordKind.Note, feed.Number, new DisconnectedNote("connection_lost", "", 0, 0).ToJson());
    }

    /// <summary>What the market's book is behind a frame, whoever gets it.</summary>
    private byte[] Learn(ReadOnlySpan<byte> data, bool isWhole)
    {
        var payload = _venue.Frame(_stream, data, isWhole);
        var change = Read(payload);
        _market.Apply(change.Rows);
        _sums[change.Span.Last] = _market.Sum;
        return payload;
    }

    private BookFeed.Change Read(byte[] payload)
    {
        Assert.Equal(FrameOutcome.Events, _decoder.Decode(payload, _events));
        Assert.True(IdSpan.TryRead(_venue.Venue.SequenceOf(_venue.Stream.Channel).Kind, _events, 0, out var span), Encoding.UTF8.GetString(payload));
        return new(span, [.. _events.Book.Items]);
    }

    private void Send(BookFeed feed, byte[] payload)
    {
        var dice = _isCalm ? 99 : _chance.Next(100);
        if (dice == 0) return;
        if (dice == 1 && feed.Held is null)
        {
            feed.Held = payload;
            return;
        }

        Receive(feed, payload);
        if (dice == 2) Receive(feed, payload);
        if (feed.Held is not { } held) return;
        feed.Held = null;
        Receive(feed, held);
    }

    private void Receive(BookFeed feed, byte[] payload)
    {
        feed.Changes.Add(Read(payload));
        if (feed.Changes.Count > 2 * FramesKept) feed.Changes.RemoveRange(0, FramesKept);
        Take(RecordKind.Frame, feed.Number, payload);
        Seen[Standing.State] = Seen.GetValueOrDefault(Standing.State) + 1;
    }

    private void Take(RecordKind kind, long connection, byte[] payload)
    {
        _activity.Take(new TapeRecord(_seq++, kind, connection, _now, payload));
        Judge();
    }

    private void Ask()
    {
        while (_answers.TryPeek(out var due) && due.At <= _step)
        {
            _answers.Dequeue();
            _books.Answered(due.Question, due.Id);
            Judge();
        }

        foreach (var question in _books.Unaligned(_venue.Stream.Venue))
        {
            if (_venue.Picture is not { } snapshot || _chance.Next(3) != 0) continue;
            if (!_isCalm && _chance.Next(5) == 0) _books.Failed(question, "no answer, as the rehearsal wants it");
            else _answers.Enqueue((question, Picture(snapshot), _step + _chance.Next(5)));
        }
    }

    /// <returns>The update id of the picture; now and then it is an old one.</returns>
    private long Picture(Func<long, string> snapshot)
    {
        Asked++;
        if (!_isCalm && _snapshots.Count > 0 && _chance.Next(8) == 0) return _snapshots[0].Id;
        var body = snapshot(_now.Value / UnixNanos.PerMillisecond);
        var id = _venue.Venue.Rest!.ReadBook(Encoding.UTF8.GetBytes(body), out var fault);
        Assert.Null(fault);
        Keep(_snapshots, (id, BookVenue.Read(body)));
        return id;
    }

    private void Judge()
    {
        var (before, standing) = (_before, Standing);
        _before = standing.State;
        if (standing.State == BookState.Aligned && (before != BookState.Aligned || _chance.Next(8) == 0)) Compare(standing.UpdateId!.Value);
    }

    private static void Keep(List<(long Id, ShadowBook Book)> books, (long Id, ShadowBook Book) book)
    {
        books.Add(book);
        if (books.Count > SnapshotsKept) books.RemoveAt(0);
    }

    /// <summary>
    /// From one of the pictures that a client may have, and what came since then, the market's book comes out: over one connection, or over several where ids
    /// are the same on all.
    /// </summary>
    private void Compare(long id)
    {
        Compared++;
        List<(long? Id, ShadowBook Book)> snapshots =
            [.. _snapshots.Concat(_clients).Reverse().Select(snapshot => ((long?)snapshot.Id, snapshot.Book)), (null, new ShadowBook())];
        var isFound = _feeds.Exists(feed => snapshots.Exists(snapshot => Reaches(id, snapshot.Book.Copy(), book => feed.Apply(snapshot.Id, book))))
            || (_venue.Picture is not null && IsMerged(id, [.. _gone, .. _feeds], snapshots));
        Assert.True(isFound, $"{_venue.Stream} is called aligned at update {id}, and no client that received what came has the market's book.");
    }

    private bool IsMerged(long id, IReadOnlyList<BookFeed> feeds, IEnumerable<(long? Id, ShadowBook Book)> snapshots) =>
        snapshots.Concat(feeds.SelectMany(feed => feed.Snapshots()))
            .Any(snapshot => snapshot.Id is { } from && Reaches(id, snapshot.Book.Copy(), book => BookFeed.Merge(feeds, from, book)));

    private bool Reaches(long id, ShadowBook book, Func<ShadowBook, long?> apply)
    {
        if (apply(book) != id || book.Sum != _sums[id]) return false;
        Keep(_clients, (id, book));
        return true;
    }

    /// <summary>What one subscriber gets that the others have already.</summary>
    private sealed class OnlyTo(BookFeed feed, BookRehearsal rehearsal) : IFrameSink
    {
        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => rehearsal.Send(feed, rehearsal.Learn(data, isWhole));
    }
}
