using System.Text.Json;
using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Query.Views;

/// <summary>
/// The views <c>rejects</c> (candles that are in no file, with the rule that says why) and <c>restatements</c> (candles of one key that differ; those in the
/// file are the columns <c>shown_…</c>), out of <c>quality/candles/</c>. A range of time means the time at which candles open.
/// </summary>
internal sealed class CandleFindingViews() : LazyView("rejects", "restatements")
{
    private const string Table = "candle_findings";
    private const string Restatement = "restatement";

    private static readonly string[] Texts = ["kind", "rule", "venue", "symbol", "timeframe", "tape"];
    private static readonly string[] Integers = ["open_time_ms", "from_seq", "to_seq", "at_seq", "minutes_present"];

    private static readonly (string Name, string Type)[] Values =
    [
        ("open", "DOUBLE"), ("high", "DOUBLE"), ("low", "DOUBLE"), ("close", "DOUBLE"), ("volume", "DOUBLE"), ("quote_volume", "DOUBLE"), ("vwap", "DOUBLE"),
        ("trades_count", "BIGINT"), ("source", "VARCHAR"), ("ingest_time_ms", "BIGINT"),
    ];

    public override void Create(DuckDbConnection connection)
    {
        var columns = Texts.Select(name => $"{name} VARCHAR").Concat(Integers.Select(name => $"{name} BIGINT"))
            .Concat(Values.Select(value => $"{value.Name} {value.Type}")).Concat(Values.Select(value => $"shown_{value.Name} {value.Type}"));
        connection.Execute($"CREATE TABLE {Schema}.{Table} ({string.Join(", ", columns)})");
        var own = string.Join(", ", Texts.Concat(Integers).Concat(Values.Select(value => value.Name)));
        var shown = string.Join(", ", Values.Select(value => $"shown_{value.Name}"));
        connection.Execute($"CREATE VIEW rejects AS SELECT {own} FROM {Schema}.{Table} WHERE kind <> '{Restatement}'");
        connection.Execute($"CREATE VIEW restatements AS SELECT {own}, {shown} FROM {Schema}.{Table} WHERE kind = '{Restatement}'");
    }

    public override void Fill(DuckDbConnection connection, VaultSnapshot snapshot, QueryRange range)
    {
        var findings = (snapshot.CandleFindings?.Invoke(range.TouchesDay) ?? []).Where(finding => range.TouchesMinute(Long(finding, "open_time_ms")));
        Insert(connection, Table, findings.Select(SqlOf));
    }

    private static string SqlOf(JsonElement finding)
    {
        var cells = Texts.Select(name => Text(finding, name)).Concat(Integers.Select(name => Number(finding, name)))
            .Concat(CellsOf(finding, "candle")).Concat(CellsOf(finding, "shown"));
        return $"({string.Join(", ", cells)})";
    }

    private static IEnumerable<string> CellsOf(JsonElement finding, string member) =>
        finding.TryGetProperty(member, out var candle) && candle.ValueKind == JsonValueKind.Object
            ? Values.Select(value => value.Type == "VARCHAR" ? Text(candle, value.Name) : Number(candle, value.Name)) : Values.Select(_ => "NULL");

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Sql.Text(value.GetString()!) : "NULL";

    /// <summary>A number of JSON is one of SQL; what JSON can't write stands there as text.</summary>
    private static string Number(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return "NULL";
        if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
        return value.ValueKind == JsonValueKind.String && value.GetString() is ("Infinity" or "-Infinity") and var infinity
            ? $"CAST('{infinity}' AS DOUBLE)" : "NULL";
    }

    private static long Long(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;
}
