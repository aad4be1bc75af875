using System.Text.Encodings.Web;
using System.Text.Json;
using Tape.Query.Engine;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>
/// An array of objects, or an object a line. NULL, and numbers that JSON has not (NaN, infinity), are null; integers beyond 64 bits and decimals are numbers
/// with all their digits.
/// </summary>
internal sealed class JsonRows : IRowWriter
{
    private const int FlushBytes = 1 << 16;
    private readonly Stream _output;
    private readonly bool _lines;
    private readonly Utf8JsonWriter _json;
    private IReadOnlyList<QueryColumn> _columns = [];

    public JsonRows(Stream output, bool lines)
    {
        (_output, _lines) = (output, lines);
        _json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Begin(IReadOnlyList<QueryColumn> columns)
    {
        _columns = columns;
        if (!_lines) _json.WriteStartArray();
    }

    public bool Write(DuckDbChunk chunk)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            _json.WriteStartObject();
            for (var column = 0; column < _columns.Count; column++) WriteValue(chunk, column, row);
            _json.WriteEndObject();
            if (_lines) EndLine();
            else if (_json.BytesPending > FlushBytes) _json.Flush();
        }
        return true;
    }

    public void End()
    {
        if (!_lines)
        {
            _json.WriteEndArray();
            EndLine();
        }
        _json.Dispose();
        _output.Flush();
    }

    private void EndLine()
    {
        _json.Flush();
        _output.WriteByte((byte)'\n');
        _json.Reset();
    }

    private void WriteValue(DuckDbChunk chunk, int column, int row)
    {
        var (name, kind) = _columns[column];
        _json.WritePropertyName(name);
        if (chunk.IsNull(column, row)) _json.WriteNullValue();
        else if (kind is QueryKind.Boolean) _json.WriteBooleanValue(chunk.Values<byte>(column)[row] != 0);
        else if (kind is QueryKind.Integer) _json.WriteNumberValue(chunk.Values<long>(column)[row]);
        else if (kind is QueryKind.Number && double.IsFinite(chunk.Values<double>(column)[row])) _json.WriteNumberValue(chunk.Values<double>(column)[row]);
        else if (kind is QueryKind.Number) _json.WriteNullValue();
        else if (kind is QueryKind.Digits or QueryKind.Json) _json.WriteRawValue(chunk.Utf8(column, row));
        else _json.WriteStringValue(chunk.Utf8(column, row));
    }
}
