using Tape.Query.Engine;
using Tape.Storage.Segments;

namespace Tape.Query.Output;

/// <summary>The text formats of answers.</summary>
public static class RowWriters
{
    /// <summary>Rows that a table shows.</summary>
    public const int TableRowsMax = 10_000;

    /// <summary>All formats by name; parquet is written by DuckDB itself.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["table", "csv", "json", "ndjson", "parquet"];

    /// <summary>A writer for a text format.</summary>
    /// <param name="width">Characters of a line on the terminal that shows the answer; null when it goes elsewhere, whole and unescaped.</param>
    /// <param name="note">Takes remarks on what a table leaves out, a sentence each.</param>
    /// <param name="page">Wraps the rows of format json; null writes them as they are.</param>
    public static IRowWriter Create(string format, Stream output, int? width, Action<string> note, AnswerPage? page = null) => format switch
    {
        "csv" => new CsvRows(output, isTerminal: width is not null),
        "json" => new JsonRows(output, lines: false, page),
        "ndjson" => new JsonRows(output, lines: true),
        "table" => new TableRows(output, width, TableRowsMax, note),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, $"one of {string.Join(", ", Formats)}"),
    };

    /// <summary>Writes all rows that the writer wants.</summary>
    /// <param name="rowsMax">What an answer may have.</param>
    /// <returns>How many it was given.</returns>
    /// <exception cref="QueryRefusedException">There are more than <paramref name="rowsMax"/>; what was written is no answer.</exception>
    public static long WriteAll(QueryRows rows, IRowWriter writer, long rowsMax = long.MaxValue)
    {
        var written = 0L;
        writer.Begin(rows.Columns);
        while (rows.Next(out var chunk))
        {
            written += chunk.Rows;
            if (written > rowsMax)
                throw new QueryRefusedException($"the answer has more than {rowsMax} rows, which is the limit",
                    "Add a LIMIT, narrow the range, or ask with 'tape query', which has no such limit.");
            if (!writer.Write(chunk)) break;
        }
        writer.End();
        return written;
    }
}
