using System.Buffers;
using Tape.Query.Engine;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>CSV as RFC 4180 with a header line and line feeds; NULL is an empty field, an empty text is <c>""</c>.</summary>
/// <param name="isTerminal">Show what could steer a terminal as an escape; files and pipes get every text as it is.</param>
internal sealed class CsvRows(Stream output, bool isTerminal = false) : IRowWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    private readonly StreamWriter _text = new(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
    private IReadOnlyList<QueryColumn> _columns = [];

    public void Begin(IReadOnlyList<QueryColumn> columns)
    {
        _columns = columns;
        _text.WriteLine(string.Join(',', columns.Select(column => Quote(column.Name))));
    }

    public bool Write(DuckDbChunk chunk)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            for (var column = 0; column < _columns.Count; column++)
            {
                if (column > 0) _text.Write(',');
                if (CellText.Of(chunk, column, row, _columns[column].Kind) is { } value) _text.Write(Quote(value));
            }
            _text.WriteLine();
        }
        return true;
    }

    public void End() => _text.Dispose();

    private string Quote(string text) => Quoted(isTerminal ? TerminalText.Escape(text) : text);

    private static string Quoted(string value) => value.Length == 0 || value.AsSpan().ContainsAny(Special) ? $"\"{value.Replace("\"", "\"\"")}\"" : value;
}
