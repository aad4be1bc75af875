using System.CommandLine;
using Tape.Bench.Candles;
using Tape.Bench.Crash;
using Tape.Bench.Days;
using Tape.Bench.Decode;
using Tape.Bench.Fuzz;
using Tape.Bench.Gaps;
using Tape.Bench.Ingest;
using Tape.Bench.Soak;

namespace Tape.Bench;

/// <summary>All benches and harnesses, one line each, in the order in which help shows them.</summary>
internal static class BenchList
{
    public static IEnumerable<Command> Create() =>
    [
        CandlesBench.Create(),
        CompactBench.Create(),
        CrashBench.Create(),
        DecodeBench.Create(),
        DeriveBench.Create(),
        FuzzBench.Create(),
        GapsBench.Create(),
        IngestBench.Create(),
        LedgerBench.Create(),
        QueryBench.Create(),
        SanityBench.Create(),
        SoakBench.Create(),
        TapeBench.Create(),
    ];
}
