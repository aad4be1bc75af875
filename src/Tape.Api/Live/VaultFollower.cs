using Tape.Derive.Activity;
using Tape.Derive.Books;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Venues;

namespace Tape.Api.Live;

/// <summary>
/// The server's eye on the vault: reads the tape as any reader does, from a seal that ends a quarter of an hour before the present on, and keeps the picture.
/// What fails is remembered and tried again. Any thread may ask; one task follows.
/// </summary>
/// <param name="withBooks">Also tells which books could be trusted, and takes the answers of venues about them; costs the decoding of their frames.</param>
public sealed partial class VaultFollower(IFiles files, string vault, TimeProvider time, bool withBooks = false)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GapsEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LooksBack = TimeSpan.FromMinutes(15);

    /// <summary>Records that are taken in without letting somebody look in between.</summary>
    private const int RecordsAtOnce = 4096;

    private readonly Lock _gate = new();
    private RecentActivity _activity = new(DerivationState.Start, VenueCatalog.Find);
    private IReadOnlyList<StreamStatistics> _before = [];
    private string? _fault;
    private RecentGaps? _gaps;
    private string? _gapsFault;

    /// <summary>Takes what the gap ledger and the tape behind it say, at each look; called by one task.</summary>
    public Action<GapReport>? GapsRead { get; init; }

    /// <summary>Follows until cancelled.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(FollowAsync, fault => _fault = fault, Retry, stop), RepeatAsync(ReadGapsAsync, fault => _gapsFault = fault, GapsEvery, stop));

    /// <summary>Reads up to the present end once; for one look without a server.</summary>
    /// <exception cref="TapeException">The vault can't be read.</exception>
    public void ReadToEnd(CancellationToken cancel)
    {
        using var reader = Begin();
        while (TakeSome(reader)) cancel.ThrowIfCancellationRequested();
        try
        {
            ReadGaps(cancel);
        }
        catch (TapeException fault)
        {
            // The tape was read; what is wrong with the ledger stands beside what it tells.
            lock (_gate) _gapsFault = fault.Message;
        }
    }

    /// <summary>How it is.</summary>
    public VaultStatus Look()
    {
        lock (_gate) return new VaultStatus(_activity.Snapshot(), _fault, _gaps, _gapsFault, !_isAtEnd);
    }

    /// <summary>What every stream has brought over all that is in the vault, without rows; by venue, channel and symbol.</summary>
    public IReadOnlyList<StreamStatistics> Totals()
    {
        lock (_gate) return StreamStatistics.Sum(_before.Concat(_activity.Statistics()));
    }

    /// <param name="failed">Takes why it failed, under the lock.</param>
    private async Task RepeatAsync(Func<CancellationToken, Task> work, Action<string> failed, TimeSpan every, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(stop);
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                lock (_gate) failed(fault.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(every, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The ledger is read whole, with the tape behind it: cheap enough for once a minute, not for each request.</summary>
    private Task ReadGapsAsync(CancellationToken stop) =>
        Task.Factory.StartNew(() => ReadGaps(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void ReadGaps(CancellationToken cancel)
    {
        var report = GapReports.Read(files, vault, cancel: cancel);
        GapsRead?.Invoke(report);
        var gaps = RecentGaps.Of(report);
        lock (_gate) (_gaps, _gapsFault) = (gaps, null);
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        // Opening reads the list of seals, catching up reads a quarter of an hour: on a thread of its own, so that requests need not wait for one.
        using var reader = await Task.Factory.StartNew(Begin, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!stop.IsCancellationRequested)
        {
            await Task.Factory.StartNew(() => { while (TakeSome(reader) && !stop.IsCancellationRequested) { } }, CancellationToken.None,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Task.Delay(PollEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TapeReader Begin()
    {
        var log = SealLog.Read(files, vault);
        var (seals, front) = (log.Committed, log.Front);
        // Right after the log was shortened, the last quarter of an hour may be in the newest archive.
        if (PlaceToBegin(seals) == 0 && front is { Archives: [.., var newest] }) (seals, front) = ([.. log.In(newest), .. seals], log.Before(newest));
        var place = PlaceToBegin(seals);
        var before = StreamStatistics.Sum((front?.Streams ?? []).Concat(seals.Take(place).SelectMany(seal => seal.Streams)));
        var reader = TapeReader.Open(files, TapeRange.Folder(vault), place == 0 ? front?.ToSeqExcl ?? 0 : seals[place - 1].ToSeqExcl);
        lock (_gate)
        {
            _books = withBooks ? new LiveBooks(VenueCatalog.Find) : null;
            _activity = new RecentActivity(TapeRange.StateBefore(seals, place, front), VenueCatalog.Find, _books);
            (_before, _fault, _isAtEnd) = (before, null, false);
        }

        return reader;
    }

    /// <summary>How many seals lie wholly before the last quarter of an hour.</summary>
    private static int PlaceToBegin(IReadOnlyList<SealEntry> seals)
    {
        var newest = seals.Count == 0 ? null : seals[^1].Streams.Max(stream => stream.LastReceived);
        if (newest is null) return 0;
        var from = new UnixNanos(newest.Value).Add(-LooksBack).Value;
        var place = seals.Count;
        while (place > 0 && !(seals[place - 1].Streams.Max(stream => stream.LastReceived) < from)) place--;
        return place;
    }

    /// <returns>Whether there may be more.</returns>
    private bool TakeSome(TapeReader reader)
    {
        lock (_gate)
        {
            for (var taken = 0; taken < RecordsAtOnce; taken++)
            {
                _isAtEnd = !reader.TryRead(out var record);
                if (_isAtEnd) return false;
                _activity.Take(record);
            }
        }

        return true;
    }
}
