using System.Security.Cryptography;
using System.Text;
using Tape.Collect;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Derive.Compaction;
using Tape.Derive.Sealing;
using Tape.Query.Sanity;
using Tape.SimulationTests.Books;
using Tape.SimulationTests.Engine;
using Tape.SimulationTests.Exchange;
using Tape.Simulator.Proof;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Tables.Compaction;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.SimulationTests;

/// <summary>
/// Days of a desk in minutes: the real recorder and sealer, a scripted exchange, a disk that fails and loses power, a clock that moves when told, all on one
/// thread and out of one seed. The same seed gives the same bytes in every file.
/// </summary>
internal sealed class DeskSimulation
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenFaults = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookForDaysEvery = TimeSpan.FromMinutes(5);
    private static readonly Fault[] Faults = [Fault.Error, Fault.ShortWrite, Fault.Torn, Fault.Crash, Fault.DiskFull];

    private readonly SimulationOptions _options;
    private readonly string _vault;
    private readonly Random _chance;
    private readonly FakeTime _time;
    private readonly FaultyFiles _files;
    private readonly ScriptedWorld _world;
    private readonly LogDigest _log;
    private readonly RecorderOptions _recorder;
    private readonly List<UnixNanos> _cuts = [];
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly BookDesk? _books;
    private SteppedRecorder? _life;
    private Sealer? _sealer;
    private DateTimeOffset _nextFault;
    private DateTimeOffset? _fullUntil;
    private DateTimeOffset _nextSeal;
    private DateTimeOffset _nextStart;
    private DateTimeOffset _nextLook;
    private bool _isDown;
    private int _lives;
    private int _seals;
    private int _days;
    private int _merges;

    public DeskSimulation(string root, SimulationOptions options)
    {
        _options = options;
        _log = new LogDigest(root);
        _vault = Path.Combine(root, "vault");
        Directory.CreateDirectory(_vault);
        _chance = new Random(options.Seed);
        _time = new FakeTime(options.Start);
        _files = new FaultyFiles(root, _chance.Next());
        _world = new ScriptedWorld(options, _time, new Random(_chance.Next()));
        _recorder = new RecorderOptions
        {
            Vault = _vault,
            Venues = [.. _world.Venues.Select(Request)],
            ProcessId = 1,
            Tape = new TapeOptions { SegmentBytesMax = 4 << 20, ReserveBytes = 64 << 10 },
        };
        _books = options.AlignBooks ? new BookDesk(_recorder.TapeFolder, _time, _world) : null;
        _nextFault = Later(BetweenFaults);
    }

    /// <summary>Questions about books that reached an exchange, and those after whose answer a book was aligned.</summary>
    public (int Asked, int Aligned) Books => (_books?.Asked ?? 0, _books?.Aligned ?? 0);

    /// <summary>Runs to the end and holds what is stored against what was sent.</summary>
    public SimulationOutcome Run()
    {
        var end = _options.Start + _options.Length;
        while (_time.GetUtcNow() < end)
        {
            MoveOn();
            PlanFault();
            Advance();
        }

        ComeToRest();
        _life!.Stop(MoveOn);
        SealAll();
        MakeDays();
        _sealer?.Dispose();
        _books?.Dispose();
        var proof = RecordingProof.Check(TestDisk.Files, _recorder.TapeFolder, _world.Journal, _cuts, _recorder.CommitInterval + Step);
        var report = new SanityCheck(TestDisk.Files, _vault).Run(deep: true, _ => { }, CancellationToken.None);
        return new SimulationOutcome(proof, report.Findings, report.RowsProven, _lives, _seals, _days, _merges, _faults, _world.Troubles, Digest(), _log.Value);
    }

    /// <summary>No more faults, a planned one included: who lost something on the way gets up again before the end.</summary>
    private void ComeToRest()
    {
        _files.FreeSpace();
        _files.FailAt(0, default);
        var end = _time.GetUtcNow() + Calm;
        while (_time.GetUtcNow() < end || _life is null)
        {
            MoveOn();
            Advance();
        }
    }

    private static VenueRequest Request(VenueScript venue) =>
        new(VenueCatalog.Find(venue.Venue)!,
            new SubscriptionRequest([.. venue.Symbols.Select(symbol => symbol.Name)], venue.Channels, new Uri($"wss://{venue.Venue}")));

    private void MoveOn()
    {
        _time.Advance(Step);
        _world.Advance();
    }

    /// <summary>A step of the process, and what becomes of it when the power goes.</summary>
    private void Advance()
    {
        try
        {
            if (_life is null) TryStart();
            _life?.Step();
            if (_time.GetUtcNow() >= _nextSeal) Seal();
            if (_time.GetUtcNow() >= _nextLook) MakeDays();
        }
        catch (Exception) when (_isDown)
        {
            // Whatever was under way when the power went has no meaning any more.
        }

        if (_isDown) PowerReturns();
        _books?.Step();
    }

    private void TryStart()
    {
        if (_time.GetUtcNow() < _nextStart) return;
        _lives++;
        try
        {
            _life = new SteppedRecorder(_recorder, _files, _world, _log, _time, new Random(_chance.Next()));
        }
        catch (Exception fault) when (!_isDown && fault is TapeException or IOException)
        {
            // It says why and ends; whoever looks after it starts it again.
            _nextStart = _time.GetUtcNow() + Outage;
        }
    }

    private void Seal()
    {
        _nextSeal = _time.GetUtcNow() + _options.SealEvery;
        try
        {
            SealAll();
        }
        catch (Exception fault) when (!_isDown && fault is TapeException or IOException)
        {
            _sealer?.Dispose();
            _sealer = null;
        }
    }

    private void SealAll()
    {
        _sealer ??= Sealer.Open(_files, _vault, new SealLimits(), VenueCatalog.Find, _time, new OwnerInfo("tape serve", 2, UnixNanos.From(_time.GetUtcNow())));
        _sealer.Advance(_ => _seals++, all: true);
    }

    /// <summary>What runs in the background for days that are over.</summary>
    private void MakeDays()
    {
        _nextLook = _time.GetUtcNow() + LookForDaysEvery;
        if (_sealer is null) return;
        try
        {
            var seals = SealLog.Read(_files, _vault);
            if (!DayMaker.HasWork(_files, _vault, seals)) return;
            using var writer = CompactWriter.Open(_files, CompactWriter.Limits(_vault));
            using var compactor = DayCompactor.Open(_files, _vault, new OwnerInfo("tape serve", 2, UnixNanos.From(_time.GetUtcNow())), writer);
            new DayMaker(_files, _vault, compactor, writer, _sealer.Merge)
                .Run(seals, null, (_, _) => { }, _ => _days++, _ => _merges++, CancellationToken.None);
        }
        catch (Exception fault) when (!_isDown && fault is TapeException or IOException)
        {
            // Folding writes to the seal log, which is broken then until it is opened again.
            _sealer.Dispose();
            _sealer = null;
        }
    }

    /// <summary>
    /// One fault at a time, and time to get up again before the next: what comes while storage is broken waits in memory, and the proof, which knows only the
    /// moment of a cut, would not expect it to be lost by a second fault.
    /// </summary>
    private void PlanFault()
    {
        EndFullDisk();
        if (!_options.DiskFails || _time.GetUtcNow() < _nextFault) return;
        _nextFault = Later(BetweenFaults) + Calm;
        var fault = Faults[_chance.Next(Faults.Length)];
        _faults[$"{fault}"] = _faults.GetValueOrDefault($"{fault}") + 1;
        _files.WentDown = () =>
        {
            _isDown = true;
            _cuts.Add(UnixNanos.From(_time.GetUtcNow()));
        };
        _files.FailAt(_files.Operations + _chance.Next(1, 200), fault);
    }

    /// <summary>A disk that is full stays so for a while.</summary>
    private void EndFullDisk()
    {
        if (_files.FreeBytes(_vault) > 0) return;
        _fullUntil ??= _time.GetUtcNow() + FullFor;
        if (_time.GetUtcNow() < _fullUntil) return;
        _files.FreeSpace();
        _fullUntil = null;
    }

    private void PowerReturns()
    {
        _life?.Die();
        _books?.Die();
        _sealer?.Dispose();
        (_life, _sealer) = (null, null);
        _world.ClientDied();
        _files.Restart();
        _nextStart = _time.GetUtcNow() + Outage * _chance.NextDouble();
        _isDown = false;
    }

    private DateTimeOffset Later(TimeSpan mean) => _time.GetUtcNow() - Math.Log(1 - _chance.NextDouble()) * mean;

    /// <summary>Of names and bytes of all files.</summary>
    private string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(_vault, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(_vault, path)));
            hash.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
