using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Serving;

/// <summary>Puts the data frames of one connection into its sender and does to them what fault rules asked for. Guarded by the hub's lock.</summary>
/// <param name="isMuted">Whether the data of a stream is kept back now.</param>
/// <param name="announceEnd">Tells the client that the connection will end after a time.</param>
internal sealed class FrameFaults(FrameSender sender, Func<string, bool> isMuted, Action<TimeSpan> announceEnd, FaultRule[] frameRules, string route,
    int connection, Random random)
{
    private readonly FaultRule[] _frameRules = [.. frameRules.Where(rule => rule.IsFor(route, connection))];
    private (int Left, string? Stream) _drop, _duplicate, _reorder;
    private byte[]? _held;
    private int _heldFor;

    /// <summary>Data frames that were due on this connection.</summary>
    public long DataFrames { get; private set; }

    /// <summary>Sends, drops, doubles or holds back one data frame.</summary>
    public void Send(string stream, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        DataFrames++;
        foreach (var rule in _frameRules) if (rule.When.IsFrame(DataFrames)) Apply(rule);
        if (isMuted(stream) || Takes(ref _drop, stream)) sender.Skip(first, second, third);
        else if (_held is null && Takes(ref _reorder, stream)) _held = [.. first, .. second, .. third];
        else
        {
            Enqueue(first, second, third);
            if (Takes(ref _duplicate, stream)) Enqueue(first, second, third);
            if (_held is not null && --_heldFor <= 0) ReleaseHeld();
        }
    }

    /// <summary>Starts a fault on this connection.</summary>
    public void Apply(FaultRule rule)
    {
        switch (rule.Kind)
        {
            case FaultKind.Cut: sender.Fault(new(SendFaultKind.Cut)); break;
            case FaultKind.Reset: sender.Fault(new(SendFaultKind.Reset)); break;
            case FaultKind.CutInside: sender.Fault(new(SendFaultKind.CutInside)); break;
            case FaultKind.Stall: sender.Fault(new(SendFaultKind.Stall, rule.Duration)); break;
            case FaultKind.StallInside: sender.Fault(new(SendFaultKind.StallInside, rule.Duration)); break;
            case FaultKind.Slow: sender.Fault(new(SendFaultKind.Slow, rule.Duration, rule.Count)); break;
            case FaultKind.Drop: _drop = (rule.Count, rule.Stream); break;
            case FaultKind.Duplicate: _duplicate = (rule.Count, rule.Stream); break;
            case FaultKind.Reorder: (_reorder, _heldFor) = ((1, rule.Stream), rule.Count); break;
            case FaultKind.Garbage: for (var i = 0; i < rule.Count; i++) SendGarbage(rule.Garbage); break;
            case FaultKind.Notice: announceEnd(rule.Duration); break;
            case FaultKind.Close: sender.Close(rule.Status, "Closed by fault script"); break;
        }
    }

    private static bool Takes(ref (int Left, string? Stream) fault, string stream)
    {
        if (fault.Left == 0 || (fault.Stream is not null && fault.Stream != stream)) return false;
        fault.Left--;
        return true;
    }

    private void Enqueue(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        sender.Enqueue(JournalEntryKind.Data, WebSocketOpcode.Text, first, second, third);

    private void ReleaseHeld()
    {
        Enqueue(_held, default, default);
        _held = null;
    }

    private void SendGarbage(GarbageKind kind)
    {
        var noise = new byte[random.Next(16, 64)];
        random.NextBytes(noise);
        if (kind == GarbageKind.Frame) sender.Fault(new(SendFaultKind.Raw, Bytes: [0xF3, .. noise]));
        else if (kind == GarbageKind.Binary) sender.Enqueue(JournalEntryKind.Garbage, WebSocketOpcode.Binary, noise);
        else if (kind == GarbageKind.Utf8) sender.Enqueue(JournalEntryKind.Garbage, WebSocketOpcode.Text, "{\"e\":\""u8, [0xff, 0xfe]);
        else sender.Enqueue(JournalEntryKind.Garbage, WebSocketOpcode.Text, "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":17"u8);
        sender.Flush();
    }
}
