using System.Text.Encodings.Web;
using System.Text.Json;
using Tape.Query.Engine;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>
/// An array of objects, or an object a line, or a page. NULL, and numbers that JSON has not (NaN, infinity), are null. Times are ISO 8601 with Z and nine
/// digits.
/// Integers are as in <see cref="JsonIntegers"/>; decimals are numbers with all their digits.
/// </summary>
internal sealed class JsonRows : IRowWriter
{
    private const int FlushBytes = 1 << 16;
    private readonly Stream _output;
    private readonly bool _lines;
    private readonly AnswerPage? _page;
    private readonly Utf8JsonWriter _json;
    private IReadOnlyList<QueryColumn> _columns = [];

    private int _written;
    private bool _hasMore;

    /// <param name="page">Wraps the rows; null writes them as they are.</param>
    public JsonRows(Stream output, bool lines, AnswerPage? page = null)
    {
        (_output, _lines, _page) = (output, lines, page);
        _json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Begin(IReadOnlyList<QueryColumn> columns)
    {
        _columns = columns;
        if (_page is not null)
        {
            _json.WriteStartObject();
            _json.WritePropertyName(_page.Member);
        }

        if (!_lines) _json.WriteStartArray();
    }

    public bool Write(DuckDbChunk chunk)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            _hasMore = _written++ >= _page?.Rows;
            if (_hasMore) return false;
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
            if (_page is not null)
            {
                if (_hasMore) _json.WriteNumber("next_offset", _page.Offset + _page.Rows);
                else _json.WriteNull("next_offset");
                _json.WriteEndObject();
            }

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
        else if (kind is QueryKind.Integer) _json.WriteIntegerValue(name, chunk.Values<long>(column)[row]);
        else if (kind is QueryKind.Number && double.IsFinite(chunk.Values<double>(column)[row])) _json.WriteNumberValue(chunk.Values<double>(column)[row]);
        else if (kind is QueryKind.Number) _json.WriteNullValue();
        else if (kind is QueryKind.Digits && (JsonIntegers.IsNanoseconds(name) || IsLongInteger(chunk.Utf8(column, row))))
            _json.WriteStringValue(chunk.Utf8(column, row));
        else if (kind is QueryKind.Digits or QueryKind.Json) _json.WriteRawValue(chunk.Utf8(column, row));
        else if (kind is QueryKind.Time) WriteTime(chunk.Utf8(column, row));
        else _json.WriteStringValue(chunk.Utf8(column, row));
    }

    /// <summary>Whether digits without a point are beyond what a double holds.</summary>
    private static bool IsLongInteger(ReadOnlySpan<byte> digits) =>
        digits.IndexOf((byte)'.') < 0 && !(long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value is >= -JsonIntegers.SafeMax and <= JsonIntegers.SafeMax);

    /// <summary>
    /// DuckDB writes <c>2026-11-21 07:00:00.5</c>, with a zone <c>+00</c> behind it where there is one; what is no such time (infinity, years of five digits)
    /// stays as it is.
    /// </summary>
    private void WriteTime(ReadOnlySpan<byte> text)
    {
        const int Seconds = 19, Digits = 9;
        var local = text.EndsWith("+00"u8) ? text[..^3] : text;
        var fraction = local.Length > Seconds + 1 ? local[(Seconds + 1)..] : [];
        if (local.Length < Seconds || local[10] != ' ' || fraction.Length > Digits || (local.Length > Seconds && local[Seconds] != '.'))
        {
            _json.WriteStringValue(text);
            return;
        }

        Span<byte> time = stackalloc byte[Seconds + 1 + Digits + 1];
        time.Fill((byte)'0');
        local[..Seconds].CopyTo(time);
        fraction.CopyTo(time[(Seconds + 1)..]);
        (time[10], time[Seconds], time[^1]) = ((byte)'T', (byte)'.', (byte)'Z');
        _json.WriteStringValue(time);
    }
}
