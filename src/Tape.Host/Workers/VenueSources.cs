using Microsoft.Extensions.Logging;
using Tape.Collect;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Sources.Instruments;
using Tape.Sources.Rest;
using Tape.Storage.Answers;
using Tape.Venues.Contract;

namespace Tape.Host.Workers;

/// <summary>
/// The REST side of a recording: lists of instruments, with which symbol patterns are resolved, and the clock. A recording that names its symbols needs none of
/// it to start; whatever fails here is told in the log.
/// </summary>
public sealed class VenueSources : IDisposable
{
    private readonly TapeConfig _config;
    private readonly ILogger _log;
    private readonly SocketsHttpHandler _handler;
    private readonly AnswersAppender _answers;
    private readonly List<VenueSource> _sources;
    private volatile bool _isRecording;

    public VenueSources(TapeConfig config, ILogger log, IFiles files, TimeProvider time, Random chance)
    {
        (_config, _log) = (config, log);
        _handler = RestHandler.Create(config.Recorder.Network);
        var vault = config.Recorder.Vault;
        _answers = new AnswersAppender(() =>
        {
            if (_isRecording) VaultPresence.Require(files, config.Recorder);
            return AnswersWriter.Open(files, vault, time, chance, ThisProcess.Owner("tape collect"));
        });
        _sources = [.. config.Venues.Where(settings => settings.Venue.Rest is not null && settings.RestAddress is not null)
            .Select(settings => new VenueSource(settings, vault, _handler, _answers, files, time, chance))];
    }

    /// <summary>Finds the symbols that the patterns of each venue mean.</summary>
    /// <returns>What to record.</returns>
    /// <exception cref="TapeException">There is no list, neither from the venue nor on the answers log, or the patterns pick nothing.</exception>
    public async Task<IReadOnlyList<VenueRequest>> ResolveAsync(CancellationToken cancel)
    {
        var requests = new List<VenueRequest>();
        foreach (var settings in _config.Venues)
            requests.Add(settings.Symbols.IsExplicit ? settings.Request(settings.Symbols.Names) : await ResolveAsync(settings, cancel));
        return requests;
    }

    /// <summary>Refreshes lists and measures clocks until cancelled. The tape is there by now.</summary>
    /// <param name="measured">Takes each measurement of the first venue's clock: one clock is enough.</param>
    public Task RunAsync(Action<ClockOffset> measured, CancellationToken stop)
    {
        _isRecording = true;
        foreach (var settings in _config.Venues.Where(settings => settings.Venue.Rest is not null && settings.RestAddress is null))
            new SourcesLog(_log, settings.Venue.Name).NotAsked(settings.Endpoint!);
        return Task.WhenAll(_sources.Select((source, index) => Worker.RunVenueAsync(source.Settings.Venue.Name,
            () => RunAsync(source, index == 0 ? measured : null, stop), "sources_failed", "This is a fault of the program: please report it. Recording goes "
            + "on; lists of instruments and the clock are not looked at until the next start.", _log)));
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
        _answers.Dispose();
        _handler.Dispose();
    }

    private Task RunAsync(VenueSource source, Action<ClockOffset>? measured, CancellationToken stop)
    {
        var log = new SourcesLog(_log, source.Settings.Venue.Name);
        var isFirst = source.Resolved is null;
        var listing = source.Watch.RunAsync(source.Resolved, source.RefreshWithin, (list, changes) =>
        {
            if (isFirst) log.Listed(list);
            if (changes is { Any: true }) log.Changed(changes, Missed(source.Settings.Symbols, list, changes));
            if ((isFirst || changes is { Any: true }) && source.Settings.Symbols.UnknownNames(list.Instruments) is { Count: > 0 } faults) log.Unknown(faults);
            isFirst = false;
        }, log.ListFailed, stop);
        return measured is null ? listing : Task.WhenAll(listing, source.Clock.RunAsync(offset =>
        {
            log.ClockMeasured();
            measured(offset);
        }, log.ClockFailed, stop));
    }

    /// <summary>New symbols that patterns pick and this run does not record.</summary>
    private static IReadOnlyList<string> Missed(SymbolSelection symbols, InstrumentListing list, InstrumentChanges changes) =>
        symbols.IsExplicit ? [] : [.. symbols.Resolve(list.Instruments).Symbols.Intersect(changes.Added)];

    private async Task<VenueRequest> ResolveAsync(VenueSettings settings, CancellationToken cancel)
    {
        var name = settings.Venue.Name;
        var source = _sources.Find(source => source.Settings == settings) ?? throw new TapeException(
            $"{name}: the symbols {settings.Symbols} need the venue's list of instruments, and it is not known where to ask for it.",
                $"Set venues.{name}.rest_endpoint beside endpoint, or name the symbols one by one.");
        source.Resolved = await ListAsync(source, cancel);
        var match = settings.Symbols.Resolve(source.Resolved.Instruments);
        var faults = match.Unknown.Concat(match.Unmatched.Select(pattern => $"{pattern} picks none of the {source.Resolved.Trading} symbols that are traded."))
            .ToList();
        var symbols = match.Symbols.Where(symbol => settings.Venue.Check(settings.Request([symbol]).Request).Count == 0).ToList();
        faults.AddRange(match.Symbols.Except(symbols).Select(symbol => $"{symbol} can't be subscribed and is left out."));
        if (faults.Count > 0) new SourcesLog(_log, name).Unknown(faults);
        return symbols.Count > 0 ? settings.Request(symbols)
            : throw new TapeException($"{name}: the symbols {settings.Symbols} pick nothing of {source.Resolved.Instruments.Count} instruments. "
            + $"{string.Join(" ", faults)}", "Correct the patterns; 'all' picks all perpetuals.");
    }

    private async Task<InstrumentListing> ListAsync(VenueSource source, CancellationToken cancel)
    {
        var log = new SourcesLog(_log, source.Settings.Venue.Name);
        var (listing, failure) = await source.Instruments.FetchAsync(cancel);
        if (listing is not null)
        {
            log.Listed(listing);
            source.RefreshWithin = InstrumentPoller.Every;
            return listing;
        }

        if (source.Instruments.Stored() is not { } stored)
            throw new TapeException($"The symbols {source.Settings.Symbols} need the venue's list of instruments, and there is none, neither from the venue "
                + $"nor from earlier: {failure!.Message}", $"{failure.Hint} Or name the symbols one by one.");
        log.FromLog(stored, failure!.Message, failure.Hint);
        source.RefreshWithin = InstrumentPoller.AfterFailure;
        return stored;
    }
}
