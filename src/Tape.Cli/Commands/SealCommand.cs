using System.CommandLine;
using Tape.Cli.Options;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Venues;

namespace Tape.Cli.Commands;

/// <summary><c>tape seal</c>: seals by hand what no recorder is sealing.</summary>
internal static class SealCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var command = new Command("seal",
            "Turn what is on the tape and not sealed yet into Parquet files.") { vault }.WithDetails("A running recorder does this by itself.");
        command.SetAction(async (parse, cancel) =>
        {
            VaultOption.TapeFolder(parse.GetValue(vault)!);
            using var sealer = Sealer.Open(DiskFiles.Instance, parse.GetValue(vault)!.FullName, new SealLimits(), VenueCatalog.Find, TimeProvider.System,
                ThisProcess.Owner("tape seal"));
            // An already cancelled token means: no more records will come, seal what is there.
            await sealer.RunAsync(Tell, new CancellationToken(canceled: true));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Tell(SealReport seal)
    {
        Console.WriteLine($"records {seal.FromSeq} to {seal.ToSeqExcl - 1}: {seal.Rows} rows in {seal.Files} files, "
            + $"{Units.Show(seal.Bytes)}{(seal.Redone ? " (completed after a cut)" : "")}");
        foreach (var loss in seal.Losses) Console.Error.WriteLine($"Lost: {loss}");
        if (seal.LedgerRebuilt is { } damage) Console.Error.WriteLine($"The gap ledger was damaged and was made again from what is on the tape: {damage}");
        if (seal.LedgerFault is { } fault) Console.Error.WriteLine($"The gap ledger does not have them yet: {fault}");
    }
}
