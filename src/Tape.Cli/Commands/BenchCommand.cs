using System.CommandLine;
using Tape.Cli.Bench;
using Tape.Cli.Bench.Crash;
using Tape.Cli.Bench.Gaps;
using Tape.Cli.Bench.Soak;

namespace Tape.Cli.Commands;

/// <summary><c>tape bench</c>: measurements and harnesses that print JSON.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure or harass a part of the program; each prints JSON.")
    {
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
    };
}
