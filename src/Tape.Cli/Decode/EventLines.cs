using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tape.Cli.Decode;

/// <summary>
/// Writes events as JSON lines, one object an event, in the order of the frame: <c>frame</c>, <c>idx</c>, <c>table</c>, <c>exchange</c>,
/// <c>symbol</c>, <c>ts_event</c>, <c>ts_sent</c>, then the columns of the table. Lines are held back until <see cref="Flush"/> or until
/// 64 KiB have gathered. Owns neither stream nor events. Not thread-safe.
/// </summary>
internal sealed class EventLines : IDisposable
{
    private const int HeldBytesMax = 1 << 16;
    private const int TableCount = 8;

    private readonly Stream _output;
    private readonly JsonEncodedText _exchange;
    private readonly ArrayBufferWriter<byte> _held = new(HeldBytesMax * 2);
    private readonly Utf8JsonWriter _json;
    private readonly bool _areTexts;
    private readonly int[] _taken = new int[TableCount];

    /// <param name="output">Where the lines go.</param>
    /// <param name="exchange">Our name of the venue.</param>
    /// <param name="areTexts">Whether nanoseconds, and other integers that a double would round, are texts of digits.</param>
    public EventLines(Stream output, string exchange, bool areTexts = false)
    {
        _areTexts = areTexts;
        _output = output;
        _exchange = JsonEncodedText.Encode(exchange);
        _json = new Utf8JsonWriter(_held, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Writes all events of one frame, by rising index.</summary>
    /// <param name="frame">0-based number of the frame.</param>
    /// <param name="events">Of that frame.</param>
    public void Write(long frame, EventBuffer events)
    {
        Array.Clear(_taken);
        for (var left = events.Count; left > 0; left--)
        {
            var table = NextTable(events);
            var at = _taken[table]++;
            if (table == 0 && events.Trades.Items[at].IsNoTrade) continue;
            WriteEvent(frame, events, table, at);
            if (_held.WrittenCount >= HeldBytesMax) Flush();
        }
    }

    /// <summary>Hands all lines to the stream.</summary>
    public void Flush()
    {
        _output.Write(_held.WrittenSpan);
        _output.Flush();
        _held.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The table whose next event has the lowest index. Within a table they rise already.</summary>
    private int NextTable(EventBuffer events)
    {
        var (next, lowest) = (0, int.MaxValue);
        for (var table = 0; table < TableCount; table++)
        {
            var index = IndexAt(events, table, _taken[table]);
            if (index < lowest) (next, lowest) = (table, index);
        }

        return next;
    }

    private static int IndexAt(EventBuffer events, int table, int at) => table switch
    {
        0 => at < events.Trades.Count ? events.Trades.Items[at].Head.Index : int.MaxValue,
        1 => at < events.Quotes.Count ? events.Quotes.Items[at].Head.Index : int.MaxValue,
        2 => at < events.MarkPrices.Count ? events.MarkPrices.Items[at].Head.Index : int.MaxValue,
        3 => at < events.Fundings.Count ? events.Fundings.Items[at].Head.Index : int.MaxValue,
        4 => at < events.OpenInterests.Count ? events.OpenInterests.Items[at].Head.Index : int.MaxValue,
        5 => at < events.Liquidations.Count ? events.Liquidations.Items[at].Head.Index : int.MaxValue,
        6 => at < events.Book.Count ? events.Book.Items[at].Head.Index : int.MaxValue,
        _ => at < events.Candles.Count ? events.Candles.Items[at].Head.Index : int.MaxValue,
    };

    private void WriteEvent(long frame, EventBuffer events, int table, int at)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("frame"u8, frame);
        var row = new EventRow(_json, _exchange, events, _areTexts);
        switch (table)
        {
            case 0: row.Write(events.Trades.Items[at]); break;
            case 1: row.Write(events.Quotes.Items[at]); break;
            case 2: row.Write(events.MarkPrices.Items[at]); break;
            case 3: row.Write(events.Fundings.Items[at]); break;
            case 4: row.Write(events.OpenInterests.Items[at]); break;
            case 5: row.Write(events.Liquidations.Items[at]); break;
            case 6: row.Write(events.Book.Items[at]); break;
            default: row.Write(events.Candles.Items[at]); break;
        }

        _json.WriteEndObject();
        _json.Flush();
        _held.GetSpan(1)[0] = (byte)'\n';
        _held.Advance(1);
    }
}
