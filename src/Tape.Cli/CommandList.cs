using System.CommandLine;
using Tape.Cli.Commands;
using Tape.Cli.Demo;

namespace Tape.Cli;

/// <summary>All commands, one line each, in the order in which help shows them.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> Create() =>
    [
        DemoCommand.Create(),
        InitCommand.Create(),
        CollectCommand.Create(),
        ServeCommand.Create(),
        UpCommand.Create(),
        StatusCommand.Create(),
        AlertCommand.Create(),
        SanityCommand.Create(),
        GapsCommand.Create(),
        CandlesCommand.Create(),
        StreamsCommand.Create(),
        SealCommand.Create(),
        BackfillCommand.Create(),
        DeriveCommand.Create(),
        CompactCommand.Create(),
        QueryCommand.Create(),
        QueryChildCommand.Create(),
        ExportCommand.Create(),
        LastCommand.Create(),
        PathCommand.Create(),
        DecodeCommand.Create(),
        SimCommand.Create(),
        ReplayCommand.Create(),
        LogCommand.Create(),
        DiskCommand.Create(),
    ];
}
