using System.Security.Cryptography;
using Tape.Candles.Answers;
using Tape.Candles.Files;
using Tape.Candles.Pipeline;
using Tape.Candles.Quality;
using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Derive.Instruments;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Sources.Candles;
using Tape.Sources.Rest;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.Venues;

namespace Tape.Host.Candles;

/// <summary>
/// Everything of a vault that filling the holes of its candles takes: the answers log, a REST engine for each venue, the day files. Beside a running server it
/// only asks, and the server takes the answers into day files; else it does that itself.
/// </summary>
public sealed class BackfillSession : IDisposable
{
    private readonly TapeConfig _config;
    private readonly IFiles _files;
    private readonly TimeProvider _time;
    private readonly string _program;
    private readonly HttpMessageHandler _handler;
    private readonly AnswersAppender _answers;
    private readonly CandleParquet _format;
    private readonly CandleStore _store;
    private readonly Dictionary<string, RestEngine> _engines = [];

    /// <param name="config">Of a vault that is there.</param>
    /// <param name="program">Our name in locks.</param>
    /// <exception cref="DuckDbException">The native library is missing.</exception>
    public BackfillSession(TapeConfig config, IFiles files, TimeProvider time, string program)
    {
        (_config, _files, _time, _program) = (config, files, time, program);
        _handler = RestHandler.Create(config.Recorder.Network);
        _answers = new AnswersAppender(() => AnswersWriter.Open(files, Vault, time, Chance(), ThisProcess.Owner(program), AnswersLog.Candles));
        _format = CandleParquet.Open(files, new DuckDbOptions());
        _store = new CandleStore(files, Vault, _format, config.Candles.Preference, config.Candles.Aggregates);
    }

    private string Vault => _config.Recorder.Vault;

    /// <summary>Venues of the configuration that answer about candles.</summary>
    public IReadOnlyList<VenueSettings> Venues =>
        [.. _config.Venues.Where(settings => settings.Venue.Rest?.Candles is not null && settings.RestAddress is not null)];

    /// <summary>The symbols of a venue: those that are named, or those that patterns pick out of the last list on the answers log.</summary>
    /// <exception cref="TapeException">There are patterns and no list, or they pick nothing.</exception>
    public IReadOnlyList<string> SymbolsOf(VenueSettings settings)
    {
        if (settings.Symbols.IsExplicit) return settings.Symbols.Names;
        var listed = InstrumentHistory.Read(_files, Vault).Where(span => span.ValidTo is null && span.Instrument.Venue == settings.Venue.Name)
            .Select(span => span.Instrument).ToList();
        return settings.Symbols.Resolve(listed).Symbols is { Count: > 0 } symbols ? symbols : throw new TapeException(
            $"{settings.Venue.Name}: the symbols {settings.Symbols} pick nothing of {listed.Count} instruments on the answers log",
            "A recorder asks for the list of instruments; or name a symbol with --symbol.");
    }

    /// <summary>Asks for what is missing of a symbol.</summary>
    /// <inheritdoc cref="Backfill.RunAsync"/>
    public Task<BackfillResult> AskAsync(VenueSettings settings, string symbol, long fromMs, long toMs, Action<int, int> told, CancellationToken cancel)
    {
        var venue = settings.Venue;
        if (!_engines.TryGetValue(venue.Name, out var engine))
            _engines[venue.Name] = engine = new RestEngine(venue.Name, settings.RestAddress!, venue.Rest!, _handler, new RestEngineOptions(), _time, Chance());
        return new Backfill(settings, new CandleFetcher(venue, engine, _answers), _store, _time).RunAsync(symbol, fromMs, toMs, told, cancel);
    }

    /// <summary>Takes answers that wait into day files.</summary>
    /// <param name="told">Hears what came of it.</param>
    /// <returns>Who does that instead, as a sentence; null when it was done.</returns>
    public string? TakeIn(Action<CandleStoreReport> told, CancellationToken cancel)
    {
        try
        {
            using var held = CandlePipeline.TakeLock(_files, Vault, ThisProcess.Owner(_program));
            new AnsweredCandles(_files, Vault, VenueCatalog.Find, _store, new CandleQuality(_files, Vault)).Advance(told, cancel);
            return null;
        }
        catch (OwnedElsewhereException elsewhere)
        {
            return elsewhere.Message;
        }
    }

    /// <summary>Minutes of a range that are still missing.</summary>
    public int Missing(VenueSettings settings, string symbol, long fromMs, long toMs) =>
        MissingMinutes.Of(_store, settings.Venue.Name, symbol, fromMs, toMs).Count();

    public void Dispose()
    {
        foreach (var engine in _engines.Values) engine.Dispose();
        _format.Dispose();
        _answers.Dispose();
        _handler.Dispose();
    }

    private static Random Chance() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
