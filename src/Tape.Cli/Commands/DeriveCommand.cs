using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Options;
using Tape.Derive.Rederivation;
using Tape.Derive.Rows;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Venues;

namespace Tape.Cli.Commands;

/// <summary><c>tape derive</c>: the tables once more from the tape, to prove them or to replace what older decoders made.</summary>
internal static class DeriveCommand
{
    private const string Details =
        """
        --verify changes nothing, may run beside a recorder, and exits with 1 when rows or files are not what the tape derives to.
        --from makes a new generation of every range from that time on that another decoder version made or whose rows differ. Queries see the old rows of a range, then the new ones; old files
        go to archive/superseded/. It needs the vault's tables for itself: stop the recorder first.

        Examples:
          tape derive --verify
          tape derive --from 2026-11-20
        """;

    public static Command Create()
    {
        var verify = new Option<bool>("--verify") { Description = "Derive again, compare, report." };
        var from = TimeOption.Create("--from", "Replace what differs from this time on; with --verify, look from this time on.");
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json")
        {
            Description = "One JSON object a line: each range that is not as it should be or was replaced, then a summary.",
        };
        var command = new Command("derive",
            "Derive the tables again from the tape: prove them, or replace what older decoders made.") { verify, from, vault, json }
            .WithDetails(Details);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(verify) && result.TryValue(from, out var time) && time is null) result.AddError("Give --verify, or --from TIME.");
        });
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var tally = new Tally(parse.InvocationConfiguration.Output, parse.GetValue(json));
            var (folder, time) = (parse.GetRequiredValue(vault), parse.GetValue(from));
            VaultOption.TapeFolder(folder);
            return parse.GetValue(verify) ? Verify(folder.FullName, time, tally, cancel) : Replace(folder.FullName, time, tally, cancel);
        }, cancel));
        return command;
    }

    private static int Verify(string vault, UnixNanos? from, Tally tally, CancellationToken cancel)
    {
        Rederiver.Verify(DiskFiles.Instance, vault, from, VenueCatalog.Find, RowDeriver.DecoderVersion, tally.Take, cancel);
        tally.Summary();
        return tally.Different == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static int Replace(string vault, UnixNanos? from, Tally tally, CancellationToken cancel)
    {
        Rederiver.Replace(DiskFiles.Instance, vault, from, VenueCatalog.Find, RowDeriver.DecoderVersion, ThisProcess.Owner("tape derive"), tally.Take, cancel);
        tally.Summary();
        return ExitCode.Ok;
    }

    /// <summary>Counts ranges and writes those worth a line.</summary>
    private sealed class Tally(TextWriter output, bool json)
    {
        private int _ranges;
        private int _older;
        private int _replaced;
        private int _filesLeft;
        private long _rows;

        public int Different { get; private set; }

        public void Take(RangeReport report)
        {
            _ranges++;
            _rows += report.Seal.Files.SaturatingSum(file => file.Rows);
            if (report.IsOlder) _older++;
            if (!report.IsSame) Different++;
            if (report.Replacement is not null) _replaced++;
            _filesLeft += report.FilesLeft;
            if (report.IsSame && report.Replacement is null) return;
            output.WriteLine(json ? JsonText.Object(writer => Write(writer, report)) : Line(report));
        }

        public void Summary()
        {
            if (!json)
            {
                var replaced = _replaced == 0 ? "" : $"; {_replaced} ranges have a new generation";
                var left = _filesLeft == 0 ? "" : $"; {_filesLeft} old files are open in another program and stay until the next run";
                output.WriteLine($"{_ranges} ranges with {_rows} rows derived again: {Different} differ, {_older} were made by another decoder version than "
                    + $"{RowDeriver.DecoderVersion}{replaced}{left}");
                return;
            }

            output.WriteLine(JsonText.Object(writer =>
            {
                writer.WriteNumber("ranges", _ranges);
                writer.WriteNumber("rows", _rows);
                writer.WriteNumber("different", Different);
                writer.WriteNumber("older", _older);
                writer.WriteNumber("replaced", _replaced);
                writer.WriteNumber("files_left", _filesLeft);
            }));
        }

        private static string Line(RangeReport report)
        {
            var parts = report.Differences.Select(part =>
                $"{part.Table} {part.Venue} {part.Day:yyyy-MM-dd}: {part.StoredRows} rows stored, {part.DerivedRows} derived");
            if (report.Undecodable != report.Seal.Undecodable)
                parts = parts.Append($"{report.Seal.Undecodable} undecodable frames stored, {report.Undecodable} derived");
            var text = string.Join("; ", parts.Concat(report.FileFaults));
            return $"records {report.Seal.FromSeq} to {report.Seal.ToSeqExcl - 1}: "
                + $"{(text.Length == 0 ? "same rows" : text)}{(report.Replacement is { } next ? $"; now generation {next.Generation}" : "")}";
        }

        private static void Write(Utf8JsonWriter writer, RangeReport report)
        {
            writer.WriteNumber("from_seq", report.Seal.FromSeq);
            writer.WriteNumber("to_seq", report.Seal.ToSeqExcl);
            writer.WriteString("decoder", report.Seal.Decoder);
            if (report.Replacement is { } next) writer.WriteNumber("generation", next.Generation);
            writer.WriteNumber("undecodable_stored", report.Seal.Undecodable);
            writer.WriteNumber("undecodable_derived", report.Undecodable);
            writer.WriteStartArray("parts");
            foreach (var part in report.Differences)
            {
                writer.WriteStartObject();
                writer.WriteString("table", part.Table);
                writer.WriteString("exchange", part.Venue);
                writer.WriteString("day", part.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
                writer.WriteNumber("stored", part.StoredRows);
                writer.WriteNumber("derived", part.DerivedRows);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("files");
            foreach (var fault in report.FileFaults) writer.WriteStringValue(fault);
            writer.WriteEndArray();
        }
    }
}
