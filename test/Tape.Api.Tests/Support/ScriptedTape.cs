using System.Text;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Time;

namespace Tape.Api.Tests.Support;

/// <summary>A tape that a test writes note by note, on a clock that moves when told.</summary>
internal sealed class ScriptedTape : IDisposable
{
    private readonly TapeWriter _tape;
    private readonly FakeTime _time;
    private long _connection;
    private long _trade;

    public ScriptedTape(string vault, FakeTime time)
    {
        (_time, IFiles files) = (time, DiskFiles.Instance);
        _tape = TapeWriter.Open(files, Path.Combine(vault, "tape"), new TapeOptions { ReserveBytes = 16 << 10 }, time, new Random(1),
            new OwnerInfo("tests", 1, Now));
    }

    private UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    public ScriptedTape Note(Note note, long connection = 0)
    {
        _tape.Append(RecordKind.Note, connection, Now, note.ToJson());
        _tape.Commit();
        return this;
    }

    public ScriptedTape Start() => Note(new StartedNote("tests", 1, ["binance"]));

    /// <summary>Opens a connection; what the venue sent before it is missing.</summary>
    public ScriptedTape Connect()
    {
        _trade += 10;
        return Note(new ConnectedNote("binance", "market", 0, "ws://test", "127.0.0.1:1", [new NotedStream("aggTrade", "BTCUSDT", "btcusdt@aggTrade")]),
            ++_connection);
    }

    public ScriptedTape Trades(int count)
    {
        for (var number = 0; number < count; number++)
            _tape.Append(RecordKind.Frame, _connection, Now, Encoding.ASCII.GetBytes($$$"""{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1,"a":{{{++_trade}}},"s":"BTCUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":false}}"""));
        _tape.Commit();
        return this;
    }

    public ScriptedTape Frame(long connection, byte[] frame)
    {
        _tape.Append(RecordKind.Frame, connection, Now, frame);
        _tape.Commit();
        return this;
    }

    public ScriptedTape Drop(int frames) =>
        Note(new DroppedNote("queue_full", frames, Now.Value, Now.Value, new() { ["btcusdt@aggTrade"] = frames }), _connection);

    public ScriptedTape Tick()
    {
        var payload = new byte[Storage.Tapes.Notes.Tick.Bytes];
        new Tick(_time.GetTimestamp(), Now.Value, Absent.Integer).Write(payload);
        _tape.Append(RecordKind.Tick, 0, Now, payload);
        _tape.Commit();
        return this;
    }

    public ScriptedTape Say(string state, params string[] why) =>
        Note(new HeartbeatNote(30_000_000_000)
        {
            State = state,
            Since = Now.Value,
            Why = why,
            Advice = [.. why.Select(_ => "Do something.")],
            UptimeNanos = 5_000_000_000,
            Frames = 7,
            Connections = 2,
            ConnectionsOpen = 1,
            Streams = new(Live: 3, Silent: 1),
            Troubled = [new("binance", "aggTrade", "BTCUSDT", "silent")],
            FreeBytes = 1000
        });

    public ScriptedTape Later(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return this;
    }

    public void Dispose() => _tape.Dispose();
}
