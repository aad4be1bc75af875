using System.Text.Unicode;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Cli.Screens;

/// <summary>Writes a record as a line of text or JSON.</summary>
internal sealed class LogShowFormat(TextWriter output, bool isJson)
{
    public void Write(TapeRecord record)
    {
        if (isJson) WriteJson(record);
        else output.WriteLine($"{record.Seq,10} {record.Time} {Name(record.Kind),-9} {(record.Connection == 0 ? "-" : record.Connection),6} {Text(record)}");
    }

    private static string Name(RecordKind kind) => Enum.IsDefined(kind) ? kind.ToString().ToLowerInvariant() : $"{(int)kind}";

    private static string Text(TapeRecord record)
    {
        if (IsTick(record))
        {
            var tick = Tick.Read(record.Payload);
            return $"monotonic {tick.MonotonicNanos} ns, wall {new Core.Values.UnixNanos(tick.WallNanos)}"
                + (tick.OffsetNanos == Core.Values.Absent.Integer ? "" : $", offset {tick.OffsetNanos} ns");
        }
        if (!Utf8.IsValid(record.Payload)) return $"base64 {Convert.ToBase64String(record.Payload)}";
        var text = Encoding.UTF8.GetString(record.Payload);
        // A frame must not steer the terminal that shows it.
        return TerminalText.Escape(text).Replace("\n", "\\u000a", StringComparison.Ordinal).Replace("\t", "\\u0009", StringComparison.Ordinal);
    }

    private void WriteJson(TapeRecord record)
    {
        var (seq, kind, connection, time, payload) = (record.Seq, record.Kind, record.Connection, record.Time, record.Payload.ToArray());
        Tick? tick = IsTick(record) ? Tick.Read(payload) : null;
        output.WriteLine(JsonText.Object(json =>
        {
            json.WriteNumber("seq", seq);
            json.WriteString("time", time.ToString());
            json.WriteNumber("time_ns", time.Value);
            json.WriteString("kind", Name(kind));
            json.WriteNumber("conn", connection);
            if (tick is { } read)
            {
                json.WriteNumber("monotonic_ns", read.MonotonicNanos);
                json.WriteNumber("wall_ns", read.WallNanos);
                if (read.OffsetNanos != Core.Values.Absent.Integer) json.WriteNumber("offset_ns", read.OffsetNanos);
            }
            else if (Utf8.IsValid(payload)) json.WriteString("text", payload);
            else json.WriteBase64String("base64", payload);
        }));
    }

    private static bool IsTick(TapeRecord record) => record.Kind == RecordKind.Tick && record.Payload.Length == Tick.Bytes;
}
