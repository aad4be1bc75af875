using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Storage.Files;
using Tape.Storage.Retention;

namespace Tape.Cli.Commands;

/// <summary><c>tape disk</c>: what the vault takes, how it grows, and when the disk will be full.</summary>
internal static class DiskCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("disk", "Tell what the vault takes, how it grows, and when the disk will be full.") { vault, json };
        command.SetAction(parse =>
        {
            VaultOption.TapeFolder(parse.GetValue(vault)!);
            var use = DiskSurvey.Run(DiskFiles.Instance, parse.GetValue(vault)!.FullName, new ExpiryRules());
            DateTimeOffset? fullAt = use.FullIn is { } left ? TimeProvider.System.GetUtcNow() + left : null;
            if (parse.GetValue(json)) parse.InvocationConfiguration.Output.WriteLine(Json(use, fullAt));
            else WriteText(parse.InvocationConfiguration.Output, use, fullAt);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteText(TextWriter output, DiskUse use, DateTimeOffset? fullAt)
    {
        output.WriteLine($"{"what",-24} {"files",8} {"takes",12} {"grows a day",12}");
        foreach (var kind in use.Classes)
            output.WriteLine($"{kind.Name,-24} {kind.Files,8} {Units.Show(kind.Bytes),12} "
                + $"{(kind.BytesPerDay is { } bytes ? Units.Show((long)bytes) : "-"),12}");
        output.WriteLine($"{"all",-24} {use.Classes.Sum(kind => kind.Files),8} {Units.Show(use.Bytes),12} "
            + $"{(use.BytesPerDay is { } all ? Units.Show((long)all) : "-"),12}");
        output.WriteLine($"free on the disk: {Units.Show(use.FreeBytes)}");
        output.WriteLine(fullAt is { } day
            ? $"at this growth full in {use.FullIn!.Value.TotalDays:0.0} days, on {day:yyyy-MM-dd} (seen over {use.ObservedDays:0.###} days)"
            : use.ObservedDays is null ? "too little is recorded to say how it grows"
            : "at this growth the disk does not fill up");
    }

    private static string Json(DiskUse use, DateTimeOffset? fullAt) => JsonText.Object(json =>
    {
        json.WriteNumber("bytes", use.Bytes);
        json.WriteNumber("free_bytes", use.FreeBytes);
        if (use.ObservedDays is { } days) json.WriteNumber("observed_days", Math.Round(days, 6));
        if (use.BytesPerDay is { } growth) json.WriteNumber("bytes_per_day", Math.Round(growth));
        if (fullAt is { } day) json.WriteString("full_on", day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteStartArray("classes");
        foreach (var kind in use.Classes) WriteClass(json, kind);
        json.WriteEndArray();
    });

    private static void WriteClass(Utf8JsonWriter json, DiskClass kind)
    {
        json.WriteStartObject();
        json.WriteString("name", kind.Name);
        json.WriteNumber("files", kind.Files);
        json.WriteNumber("bytes", kind.Bytes);
        if (kind.BytesPerDay is { } growth) json.WriteNumber("bytes_per_day", Math.Round(growth));
        json.WriteEndObject();
    }
}
