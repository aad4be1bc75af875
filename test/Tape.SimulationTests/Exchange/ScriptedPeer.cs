using System.IO.Hashing;
using Tape.Core.Values;
using Tape.Simulator.Journal;
using Tape.TestKit.Net;

namespace Tape.SimulationTests.Exchange;

/// <summary>The exchange's end of one socket.</summary>
internal sealed class ScriptedPeer
{
    private readonly SimulatorJournal _journal;
    private readonly int _id;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private byte[]? _held;

    public ScriptedPeer(ScriptedSocket socket, string route, SimulatorJournal journal, int port, UnixNanos now)
    {
        (Socket, _journal) = (socket, journal);
        _id = journal.Open(route, port, now);
    }

    public ScriptedSocket Socket { get; }

    public UnixNanos TroubleAt { get; set; }

    /// <summary>It stays open and says nothing any more.</summary>
    public bool IsStalled { get; set; }

    /// <summary>The next frame loses its end.</summary>
    public bool CutNext { get; set; }

    /// <summary>The next data frame is never sent.</summary>
    public bool SkipNext { get; set; }

    /// <summary>The next data frame comes behind the one after it.</summary>
    public bool HoldNext { get; set; }

    /// <returns>False when it was subscribed already.</returns>
    public bool Subscribe(string name) => _names.Add(name);

    public void Unsubscribe(string name) => _names.Remove(name);

    public bool Listens(string name) => !IsStalled && _names.Contains(name);

    public void Send(JournalEntryKind kind, byte[] payload, UnixNanos now)
    {
        if (kind == JournalEntryKind.Data && SkipNext)
        {
            SkipNext = false;
        }
        else if (kind == JournalEntryKind.Data && HoldNext)
        {
            (HoldNext, _held) = (false, payload);
        }
        else
        {
            SendNow(kind, payload, now);
            if (_held is not { } held) return;
            _held = null;
            SendNow(JournalEntryKind.Data, held, now);
        }
    }

    private void SendNow(JournalEntryKind kind, byte[] payload, UnixNanos now)
    {
        if (CutNext && kind == JournalEntryKind.Data)
        {
            (CutNext, kind) = (false, JournalEntryKind.Garbage);
            payload = payload[..(payload.Length / 2)];
        }

        _journal.Record(_id, [new JournalEntry(now.Value, XxHash64.HashToUInt64(payload), payload.Length, kind)]);
        Socket.Deliver(payload);
    }

    public void Close(ConnectionEnd end, UnixNanos now) => _journal.Close(_id, end, now);
}
