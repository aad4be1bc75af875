using Tape.Query.Engine;
using Tape.Storage.Segments;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>
/// Aligned text for people: a header, the rows, their number. Cells are cut at <see cref="CellCharsMax"/>, columns that do not fit the line are left out from
/// the middle, rows past the limit are not read; each of these is noted.
/// </summary>
internal sealed class TableRows(Stream output, int? width, int rowsMax, Action<string> note) : IRowWriter
{
    /// <summary>Characters of a cell when there are several columns.</summary>
    public const int CellCharsMax = 60;

    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];
    private IReadOnlyList<QueryColumn> _columns = [];
    private bool _cutCells;
    private bool _cutRows;

    public void Begin(IReadOnlyList<QueryColumn> columns) => _columns = [.. columns.Select(column => column with { Name = OneLine(column.Name) })];

    public bool Write(DuckDbChunk chunk)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            if (_rows.Count == rowsMax)
            {
                _cutRows = true;
                return false;
            }
            var cells = new string[_columns.Count];
            for (var column = 0; column < cells.Length; column++) cells[column] = Cell(CellText.Of(chunk, column, row, _columns[column].Kind));
            _rows.Add(cells);
        }
        return true;
    }

    public void End()
    {
        var widths = _columns.Select((column, index) => _rows.Aggregate(column.Name.Length, (most, cells) => Math.Max(most, cells[index].Length))).ToArray();
        var shown = Fit(widths);
        using (var text = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" })
        {
            text.WriteLine(Line(shown, widths, index => _columns[index].Name));
            text.WriteLine(Line(shown, widths, index => new string('-', widths[index])));
            foreach (var cells in _rows) text.WriteLine(Line(shown, widths, index => cells[index]));
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"({_rows.Count} {(_rows.Count == 1 ? "row" : "rows")}{(_cutRows ? ", more not shown" : "")})"));
        }
        if (_cutRows) note($"Only the first {rowsMax} rows are shown. Ask for fewer (LIMIT, GROUP BY), or take all with --format csv.");
        if (_cutCells) note($"Cells longer than {CellCharsMax} characters are cut. --format csv or json shows them whole.");
        if (shown.Contains(-1)) note($"{_columns.Count - shown.Count + 1} columns do not fit the line. Name fewer columns, or use --format csv.");
    }

    private string Cell(string? value)
    {
        if (value is null) return "NULL";
        var line = OneLine(value);
        if (_columns.Count == 1 || line.Length <= CellCharsMax) return line;
        _cutCells = true;
        return string.Concat(line.AsSpan(0, CellCharsMax - 1), "…");
    }

    private static string OneLine(string value) => TerminalText.Escape(
        value.AsSpan().ContainsAny('\n', '\r', '\t') ? value.Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t") : value);

    /// <summary>
    /// The columns that fit, in order; -1 stands for those left out. The first ones and the last one stay, since questions name what matters there.
    /// </summary>
    private List<int> Fit(int[] widths)
    {
        var all = Enumerable.Range(0, widths.Length).ToList();
        if (width is not { } room || widths.Length < 3 || widths.Sum() + Gap.Length * (widths.Length - 1) <= room) return all;
        var kept = new List<int>();
        var used = widths[^1] + Gap.Length + 1;
        foreach (var index in all.SkipLast(1).TakeWhile(index => (used += widths[index] + Gap.Length) <= room)) kept.Add(index);
        return [.. kept, -1, widths.Length - 1];
    }

    private string Line(List<int> shown, int[] widths, Func<int, string> cell) => string.Join(Gap, shown.Select(index =>
        index < 0 ? "…" : _columns[index].Kind is QueryKind.Integer or QueryKind.Number or QueryKind.Digits
            ? cell(index).PadLeft(widths[index]) : cell(index).PadRight(widths[index]))).TrimEnd();
}
