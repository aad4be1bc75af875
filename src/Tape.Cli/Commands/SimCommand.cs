using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Okx;
using Tape.Simulator.Serving;

namespace Tape.Cli.Commands;

/// <summary><c>tape sim</c>: a venue's own protocol on loopback.</summary>
internal static class SimCommand
{
    private const string Faults =
        """
        The limits are the exchange's own until you change them. Fault lines do the rest. A line is '[when] what [key=value...]':
          when      5s (since the start), every 10s, frame 1000, every 1000 frames (of each connection); nothing: at once
          ends      cut, reset, cut-inside (in the middle of a frame), close code=1001, notice for=60s (announced where the exchange does)
          delays    stall for=5s, stall-inside for=5s, slow rate=4096 for=10s (bytes a second)
          frames    drop n=3, duplicate n=3, reorder n=3 (each with stream=NAME), garbage kind=text|binary|utf8|frame
          books     restart (they begin again, as after a restart of the exchange)
          refusals  refuse status=429 retry=30 for=1m (new connections), rest status=418 retry=60 for=1m (REST)
          REST      rest-slow by=2s for=1m, rest-garbage for=1m; clock: skew by=-350ms for=1m (frames and REST)
        'conn=ROUTE' or a number narrows a line to those connections.

        Examples:

        """;

    public static Command Create()
    {
        var sim = new Command("sim", "Serve a venue's own protocol on this machine, to try, test and rehearse failures.");
        sim.Subcommands.Add(Binance());
        sim.Subcommands.Add(Bybit());
        sim.Subcommands.Add(Okx());
        return sim;
    }

    private static Command Binance()
    {
        var ping = new Option<double>("--ping") { HelpName = "seconds", Description = "Seconds between the server's pings.", DefaultValueFactory = _ => 180 };
        var lifetime = new Option<double>("--lifetime")
        {
            HelpName = "seconds",
            Description = "Seconds after which a connection is closed.",
            DefaultValueFactory = _ => 86_400,
        };
        var streams = new Option<int>("--max-streams")
        {
            HelpName = "count",
            Description = "Streams on a connection; more are refused and end it.",
            DefaultValueFactory = _ => 1024,
        };
        var messages = new Option<int>("--max-messages")
        {
            HelpName = "count",
            Description = "Messages a second from a client; more end its connection.",
            DefaultValueFactory = _ => 10,
        };
        var shared = new SimOptions(9443, connects: 300);
        var command = new Command("binance", "Serve Binance USD-M futures, WebSocket and REST, until Ctrl-C.").WithDetails(Faults +
            """
              tape sim binance --lifetime 60                                   every connection is cut after a minute
              tape sim binance --fault 'every 30s cut conn=market' --skew -350
              tape sim binance --fault 'refuse status=451 for=1h'              no client gets in: a blocked region
            """);
        shared.AddTo(command, ping, lifetime, streams, messages);
        return Serving(
            command,
            shared,
            parse => shared.Read(parse, new BinanceSimulatorOptions(), new BinanceChannels(), SymbolSpec.First, SymbolSpec.Named) with
            {
                PingEvery = TimeSpan.FromSeconds(SimOptions.Positive("--ping", parse.GetValue(ping))!.Value),
                Lifetime = TimeSpan.FromSeconds(SimOptions.Positive("--lifetime", parse.GetValue(lifetime))!.Value),
                StreamsPerConnectionMax = SimOptions.Count("--max-streams", parse.GetValue(streams)),
                InboundPerSecondMax = SimOptions.Count("--max-messages", parse.GetValue(messages)),
            },
            async (options, journal, cancel) => await BinanceSimulator.StartAsync(options, TimeProvider.System, cancel, journal));
    }

    private static Command Bybit()
    {
        var heartbeat = new Option<double>("--heartbeat")
        {
            HelpName = "seconds",
            Description = "A client that sends nothing for this long is closed.",
            DefaultValueFactory = _ => 600,
        };
        var shared = new SimOptions(9444, connects: 500);
        var command = new Command("bybit", "Serve Bybit's linear contracts, WebSocket and REST, until Ctrl-C.").WithDetails(Faults +
            """
              tape sim bybit --fault 'every 60s restart'                       books begin again with u=1
              tape sim bybit --fault 'every 1000 frames drop stream=orderbook.50.BTCUSDT'
            """);
        shared.AddTo(command, heartbeat);
        return Serving(
            command,
            shared,
            parse => shared.Read(parse, new BybitSimulatorOptions(), new BybitChannels(), BybitSimulatorOptions.First, BybitSimulatorOptions.Named) with
            {
                HeartbeatWithin = TimeSpan.FromSeconds(SimOptions.Positive("--heartbeat", parse.GetValue(heartbeat))!.Value),
            },
            async (options, journal, cancel) => await BybitSimulator.StartAsync(options, TimeProvider.System, cancel, journal));
    }

    private static Command Okx()
    {
        var idle = new Option<double>("--idle")
        {
            HelpName = "seconds",
            Description = "A connection that got no data and sent no ping for this long is closed.",
            DefaultValueFactory = _ => 30,
        };
        var bare = new Option<bool>("--no-snapshots") { Description = "Books begin with changes, without a snapshot." };
        var shared = new SimOptions(9445, connects: 3);
        var command = new Command("okx", "Serve OKX's swaps, WebSocket and REST, until Ctrl-C.").WithDetails(Faults +
            """
              tape sim okx --fault '30s notice for=60s'                        an upgrade of the exchange, announced a minute before
              tape sim okx --fault 'every 1000 frames drop stream=books:BTC-USDT-SWAP'
            """);
        shared.AddTo(command, idle, bare);
        return Serving(
            command,
            shared,
            parse => shared.Read(parse, new OkxSimulatorOptions(), new OkxChannels(), OkxSimulatorOptions.First, OkxSimulatorOptions.Named) with
            {
                IdleMax = TimeSpan.FromSeconds(SimOptions.Positive("--idle", parse.GetValue(idle))!.Value),
                BooksWithoutSnapshot = parse.GetValue(bare),
            },
            async (options, journal, cancel) => await OkxSimulator.StartAsync(options, TimeProvider.System, cancel, journal));
    }

    /// <summary>What is wrong with the options is a fault of the command line; what goes wrong afterwards is not.</summary>
    private static Command Serving<T>(Command command, SimOptions shared, Func<ParseResult, T> read,
        Func<T, SimulatorJournal, CancellationToken, Task<VenueSimulator>> start)
    {
        command.SetAction((parse, cancel) =>
        {
            T options;
            SimRun run;
            try
            {
                (options, run) = (read(parse), shared.Run(parse));
            }
            catch (TapeException wrong)
            {
                throw new UsageException(wrong.Message, wrong.Hint);
            }

            return run.ServeAsync(journal => start(options, journal, cancel), cancel);
        });
        return command;
    }
}
