using Tape.Storage.Answers;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Derive.Instruments;

/// <summary>Derives from the answers log what each venue said of its instruments, and when. Pure: the same log gives the same spans.</summary>
public sealed class InstrumentHistory
{
    private readonly Dictionary<string, VenueHistory> _venues = new(StringComparer.Ordinal);

    /// <summary>As <see cref="ReadWith"/>, with the venues of the catalog.</summary>
    public static IReadOnlyList<InstrumentSpan> Read(IFiles files, string vault) => ReadWith(files, vault, VenueCatalog.Find);

    /// <summary>All spans of a vault, by venue, symbol and time; none where there is no answers log.</summary>
    /// <param name="venues">Knows how to read answers. Answers of venues that it does not know, and answers that it can't read, say nothing.</param>
    /// <exception cref="Core.Errors.DamagedException">The answers log is damaged.</exception>
    public static IReadOnlyList<InstrumentSpan> ReadWith(IFiles files, string vault, Func<string, IVenue?> venues)
    {
        var history = new InstrumentHistory();
        foreach (var answer in AnswersLog.Read(files, vault)) history.Take(answer, venues(answer.Head.Venue));
        return history.Spans();
    }

    private void Take(StoredAnswer answer, IVenue? venue)
    {
        if (venue?.Rest is not { } rest || answer.Head.Request != rest.Instruments.Name || answer.Head.SameAs is not null) return;
        var read = rest.ReadInstruments(answer.Body());
        if (read.Fault is not null) return;
        if (!_venues.TryGetValue(venue.Name, out var history)) _venues[venue.Name] = history = new VenueHistory();
        history.Take(read.Instruments, new UnixNanos(answer.Head.ReceivedAt), answer.Seq);
    }

    private IReadOnlyList<InstrumentSpan> Spans() =>
    [
        .. _venues.Values.SelectMany(history => history.Spans)
            .OrderBy(span => span.Instrument.Venue, StringComparer.Ordinal).ThenBy(span => span.Instrument.Symbol, StringComparer.Ordinal)
                .ThenBy(span => span.AnswerSeq),
    ];

    private sealed class VenueHistory
    {
        private readonly List<InstrumentSpan> _closed = [];
        private readonly Dictionary<string, InstrumentSpan> _open = new(StringComparer.Ordinal);
        private readonly PathNames _paths = new();
        private UnixNanos _last = new(long.MinValue);

        public IEnumerable<InstrumentSpan> Spans => _closed.Concat(_open.Values);

        /// <summary>Our clock may have been set back between two lists; spans follow the order of the log.</summary>
        public void Take(IReadOnlyList<Instrument> list, UnixNanos receivedAt, long seq)
        {
            _last = receivedAt > _last ? receivedAt : _last;
            var listed = list.ToDictionary(instrument => instrument.Symbol, StringComparer.Ordinal);
            foreach (var span in _open.Values.Where(span => !listed.TryGetValue(span.Instrument.Symbol, out var now) || now != span.Instrument).ToList())
            {
                _closed.Add(span with { ValidTo = _last });
                _open.Remove(span.Instrument.Symbol);
            }

            foreach (var instrument in list)
                if (!_open.ContainsKey(instrument.Symbol))
                    _open[instrument.Symbol] = new InstrumentSpan(instrument, _paths.Of(instrument.Symbol), _last, null, seq);
        }
    }
}
