using Tape.Candles.Pipeline;
using Tape.Collect;
using Tape.Core.Candles;
using Tape.Core.Net;
using Tape.Derive.Sealing;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.Venues;
using Tape.Venues.Contract;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tape.Host.Configuration;

/// <summary>Reads <c>tape.yaml</c> whole: either a configuration, or every fault in it with its line.</summary>
public static class ConfigReader
{
    /// <param name="text">The file.</param>
    /// <param name="baseFolder">Relative paths in it start here: the folder of the file.</param>
    public static (TapeConfig? Config, IReadOnlyList<ConfigFault> Faults) Read(string text, string baseFolder)
    {
        var faults = new List<ConfigFault>();
        var root = Parse(text, faults);
        if (faults.Count > 0) return (null, faults);
        var config = ReadRoot(new ConfigSection(root, "", faults), baseFolder);
        return faults.Count > 0 ? (null, [.. faults.OrderBy(fault => fault.Line)]) : (config, []);
    }

    /// <summary>Reads a file, or reports all its faults in one error, and takes names of a file <c>.env</c> beside it into the environment.</summary>
    /// <exception cref="TapeException">The file is not there or has faults.</exception>
    public static TapeConfig ReadFile(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new UsageException($"{full} is a folder, expected a configuration file.", "Name the file in it with --config.");
        if (!File.Exists(full))
            throw new UsageException($"The configuration {full} is not there.", "Write one with 'tape init', or name another with --config.");
        EnvironmentFile.Apply(Path.GetDirectoryName(full)!);
        var (config, faults) = Read(File.ReadAllText(full), Path.GetDirectoryName(full)!);
        return config ?? throw new UsageException($"{path} has {faults.Count} fault{(faults.Count == 1 ? "" : "s")}:\n  {string.Join("\n  ", faults)}",
            "Correct them; nothing was started.");
    }

    private static YamlMappingNode? Parse(string text, List<ConfigFault> faults)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0) return null;
            if (stream.Documents.Count > 1)
            {
                faults.Add(new ConfigFault(stream.Documents[1].RootNode.Start.Line, "found a second document behind '---', expected one."));
                return null;
            }

            if (stream.Documents[0].RootNode is YamlMappingNode mapping) return mapping;
            faults.Add(new ConfigFault(1, "found no keys, expected a YAML file of 'key: value' lines."));
        }
        catch (YamlException fault)
        {
            var quoting = text.Contains('*') || text.Contains('!') ? " Put symbol patterns in quotes, such as \"*USDT\"." : "";
            faults.Add(new ConfigFault(fault.Start.Line, $"not YAML: {fault.InnerException?.Message ?? fault.Message}{quoting}"));
        }

        return null;
    }

    private static TapeConfig ReadRoot(ConfigSection root, string baseFolder)
    {
        var vault = Path.GetFullPath(root.Folder("vault", "vault"), baseFolder);
        var venues = ReadVenues(root.Section("venues"), root);
        var tape = root.Section("tape");
        var queue = root.Section("queue");
        var log = root.Section("log");
        var network = root.Section("network");
        var keepSize = tape.Size("keep_size", 0, 64 << 20, 1L << 50);
        var recorder = new RecorderOptions
        {
            Vault = vault,
            Venues = [.. venues.Select(venue => venue.Request(venue.Symbols.Names))],
            Network = new NetworkOptions { Proxy = network.Address("proxy", "http", "socks5") },
            CommitInterval = tape.Duration("commit_interval", TimeSpan.FromMilliseconds(10), TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            Tape = new TapeOptions { SegmentBytesMax = Segment(tape.Size("segment_size", 256L << 20, 1 << 20, 4L << 30), keepSize) },
            QueueBytes = queue.Size("size", 64L << 20, 1 << 20, 4L << 30),
            Heartbeat = log.Duration("heartbeat", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        var keep = new ExpiryRules
        {
            Keep = tape.Duration("keep", TimeSpan.FromDays(7), TimeSpan.FromHours(1), TimeSpan.FromDays(3650)),
            KeepBytes = keepSize > 0 ? keepSize : null,
        };
        var seal = ReadSeal(root.Section("seal"));
        var api = ServingReader.Api(root.Section("api"));
        var alerts = ServingReader.Alerts(root.Section("alerts"));
        var gapDetection = ReadGapDetection(root.Section("gap_detection"));
        var candles = ReadCandles(root.Section("aggregation"), root.Section("candles"));
        var alignBooks = root.Switch("align_books", true);
        foreach (var section in new[] { tape, queue, log, network, root }) section.RefuseUnknown();
        return new TapeConfig(recorder, seal, keep)
        {
            Venues = venues,
            Candles = candles,
            GapDetection = gapDetection,
            Api = api,
            Alerts = alerts,
            AlignBooks = alignBooks,
        };
    }

    /// <summary>The tape expires segment by segment: a limit holds only with several segments below it.</summary>
    private static long Segment(long asked, long keepSize)
    {
        const int SegmentsMin = 4;
        return keepSize > 0 ? Math.Min(asked, keepSize / SegmentsMin) : asked;
    }

    private static GapDetection ReadGapDetection(ConfigSection section)
    {
        var detection = new GapDetection
        {
            IsEnabled = section.Switch("enabled", false),
            LookbackDays = (int)section.Integer("lookback_days", 3, 1, 3650),
            RepairEvery = section.Duration("repair", TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
        };
        section.RefuseUnknown();
        return detection;
    }

    private static CandleOptions ReadCandles(ConfigSection aggregation, ConfigSection candles)
    {
        var flush = candles.Duration("flush", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var options = new CandleOptions
        {
            Aggregates = aggregation.Switch("enabled", true),
            FlushEvery = flush,
            FlushManyEvery = flush * 5,
            Preference = new CandlePreference(PrefersRest: candles.Switch("prefer_rest", true)),
        };
        if (aggregation.Text("base_timeframe", Timeframe.Minute.Name) is var timeframe && timeframe != Timeframe.Minute.Name)
            aggregation.Fault(aggregation.LineOf("base_timeframe"),
                $"aggregation.base_timeframe: found '{timeframe}', expected 1m: all others are made of minutes.");
        aggregation.RefuseUnknown();
        candles.RefuseUnknown();
        return options;
    }

    private static SealLimits ReadSeal(ConfigSection seal)
    {
        var limits = new SealLimits
        {
            Interval = seal.Duration("interval", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Rows = (int)seal.Integer("rows", 1_000_000, 1_000, 10_000_000),
            TapeBytes = seal.Size("tape_size", 256L << 20, 1 << 20, 1L << 30),
        };
        seal.RefuseUnknown();
        return limits;
    }

    private static List<VenueSettings> ReadVenues(ConfigSection venues, ConfigSection root)
    {
        var settings = new List<VenueSettings>();
        foreach (var name in venues.Keys)
        {
            var section = venues.Section(name);
            if (VenueCatalog.Find(name) is not { } venue)
            {
                venues.Fault(venues.LineOf(name),
                    $"venues.{name}: there is no such venue. Known: {string.Join(", ", VenueCatalog.All.Select(known => known.Name))}.");
                continue;
            }

            settings.Add(ReadVenue(section, venue));
        }

        if (!venues.Keys.Any()) root.Fault(venues.Line, "venues: found none, expected at least one, such as 'binance' with its symbols.");
        return settings;
    }

    private static VenueSettings ReadVenue(ConfigSection section, IVenue venue)
    {
        var symbols = SymbolSelection.Of(section.List("symbols") ?? []);
        var channels = section.List("channels") ?? [.. venue.Channels.Where(channel => channel.IsDefault).Select(channel => channel.Name)];
        var settings = new VenueSettings(venue, symbols, channels, section.Address("endpoint", "ws", "wss"), section.Address("rest_endpoint", "http", "https"));
        section.RefuseUnknown();
        foreach (var fault in settings.Faults())
            section.Fault(section.LineOf(fault.Contains("hannel", StringComparison.Ordinal) ? "channels" : "symbols"),
                $"{section.Path}: {fault}{Quoting(fault)}");
        return settings;
    }

    /// <summary>YAML takes an unquoted text that begins with ! for a tag and leaves nothing of it.</summary>
    private static string Quoting(string fault) => fault == "A symbol is empty." ? " Put patterns in quotes, such as \"!*USDC\"." : "";
}
