using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Tape.Simulator.Journal;

namespace Tape.Simulator.WebSockets;

/// <summary>
/// The sending half of a connection. Any thread enqueues; one task writes, many frames in one write (up to 64 KiB), each journaled with the wall clock right
/// before its write. At the buffer's limit the waiting frames are thrown away (they are not in the journal: they were never sent) and the
/// connection is closed with 1008.
/// </summary>
public sealed class FrameSender(Stream stream, SimulatorJournal journal, int connection, SendLimits limits, TimeProvider time) : IDisposable
{
    private const int WriteBytesMax = 64 * 1024;
    private const int SkippedMax = 1_000_000;
    private static readonly TimeSpan _slowStep = TimeSpan.FromMilliseconds(50);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _tooSlow = new();
    private readonly List<JournalEntry> _entries = [];
    private SendBatch _filling = new(), _writing = new();
    private SendFault? _inside;
    private long _slowUntil;
    private int _slowBytesPerSecond;
    private bool _awake, _closing;
    private volatile bool _overflowed;

    /// <summary>Bytes that wait to be written.</summary>
    public int WaitingBytes
    {
        get
        {
            lock (_gate) return _filling.Length;
        }
    }

    /// <summary>Whether a close frame is the last thing that will be sent.</summary>
    public bool IsClosing
    {
        get
        {
            lock (_gate) return _closing;
        }
    }

    /// <summary>Whether the reader was too slow and the buffer overflowed.</summary>
    public bool Overflowed => _overflowed;

    /// <summary>Puts a frame at the end of the queue; its payload is the three pieces joined. Nothing moves before <see cref="Flush"/>.</summary>
    public void Enqueue(JournalEntryKind kind, WebSocketOpcode opcode, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default,
        ReadOnlySpan<byte> third = default)
    {
        lock (_gate)
        {
            if (_closing) return;
            if (_filling.Length + first.Length + second.Length + third.Length + FrameHeader.BytesMax > limits.BufferBytesMax) Overflow();
            else _filling.Add(kind, opcode, first, second, third);
        }
    }

    /// <summary>Journals, at this place in the order, a frame that is not sent.</summary>
    public void Skip(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
    {
        lock (_gate)
        {
            if (_closing) return;
            if (_filling.Count >= SkippedMax) Overflow();
            else _filling.AddSkipped(first, second, third);
        }
    }

    /// <summary>Does something wrong at this place in the order.</summary>
    public void Fault(SendFault fault)
    {
        lock (_gate)
        {
            if (!_closing) _filling.AddFault(fault);
        }
        Flush();
    }

    /// <summary>Sends a close frame after all that waits, and nothing after it. If it is not out in time, the sender gives up.</summary>
    public void Close(int code, string reason)
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            _filling.AddClose(code, reason);
            _tooSlow.CancelAfter(limits.CloseWithin);
        }
        Flush();
    }

    /// <summary>Lets the writing task write what is enqueued.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_awake || _filling.Count == 0) return;
            _awake = true;
            _wake.Release();
        }
    }

    /// <summary>Writes until a close frame is out, a fault ends the connection, or the client is gone. Run it once.</summary>
    /// <exception cref="OperationCanceledException">The caller stopped it.</exception>
    public async Task<SendOutcome> RunAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _tooSlow.Token);
        try
        {
            while (true)
            {
                await _wake.WaitAsync(either.Token);
                Swap();
                if (await WriteBatchAsync(either.Token) is { } outcome) return outcome;
            }
        }
        catch (OperationCanceledException) when (_tooSlow.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return SendOutcome.TooSlow;
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ObjectDisposedException)
        {
            return SendOutcome.Lost;
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        _tooSlow.Dispose();
    }

    private void Swap()
    {
        lock (_gate)
        {
            _awake = false;
            (_filling, _writing) = (_writing, _filling);
            _filling.Clear();
        }
    }

    private void Overflow()
    {
        _closing = true;
        _overflowed = true;
        _filling.Clear();
        _filling.AddClose(WebSocketCloseCode.PolicyViolation, "Slow reader");
        _tooSlow.CancelAfter(limits.CloseWithin);
        if (_awake) return;
        _awake = true;
        _wake.Release();
    }

    private async ValueTask<SendOutcome?> WriteBatchAsync(CancellationToken cancel)
    {
        var from = 0;
        for (var i = 0; i < _writing.Count; i++)
        {
            if (_overflowed && !_writing.EndsWithClose) return null;
            if (_writing.FaultAt(i) is { } fault)
            {
                await WriteAsync(from, i, cancel);
                from = i + 1;
                if (await DoAsync(fault, cancel) is { } outcome) return outcome;
            }
            else if (_inside is not null && _writing.EntryAt(i).IsMessage)
            {
                await WriteAsync(from, i, cancel);
                from = i + 1;
                if (await WriteInsideAsync(i, cancel) is { } outcome) return outcome;
            }
            else if (_writing.BytesBetween(from, i + 1) >= WriteBytesMax)
            {
                await WriteAsync(from, i + 1, cancel);
                from = i + 1;
            }
        }
        await WriteAsync(from, _writing.Count, cancel);
        return _writing.EndsWithClose ? SendOutcome.Closed : null;
    }

    private async ValueTask WriteAsync(int from, int toExcl, CancellationToken cancel)
    {
        if (toExcl <= from) return;
        Journal(from, toExcl, null);
        await WriteBytesAsync(_writing.Bytes(from, toExcl), cancel);
    }

    private void Journal(int from, int toExcl, JournalEntryKind? instead)
    {
        var now = UnixNanos.From(time.GetUtcNow()).Value;
        _entries.Clear();
        for (var i = from; i < toExcl; i++) _entries.Add(_writing.EntryAt(i) with { SentAtNanos = now, Kind = instead ?? _writing.EntryAt(i).Kind });
        journal.Record(connection, CollectionsMarshal.AsSpan(_entries));
    }

    private async ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (_slowUntil > time.GetTimestamp() && bytes.Length > 0)
        {
            var step = Math.Clamp((int)(_slowBytesPerSecond * _slowStep.TotalSeconds), 1, bytes.Length);
            await stream.WriteAsync(bytes[..step], cancel);
            bytes = bytes[step..];
            await Task.Delay(_slowStep, time, cancel);
        }
        if (bytes.Length > 0) await stream.WriteAsync(bytes, cancel);
    }

    private async ValueTask<SendOutcome?> DoAsync(SendFault fault, CancellationToken cancel)
    {
        switch (fault.Kind)
        {
            case SendFaultKind.Cut: return SendOutcome.Cut;
            case SendFaultKind.Reset: return SendOutcome.Reset;
            case SendFaultKind.CutInside or SendFaultKind.StallInside: _inside = fault; return null;
            case SendFaultKind.Stall: await Task.Delay(fault.Duration, time, cancel); return null;
            case SendFaultKind.Slow:
                _slowUntil = time.GetTimestamp() + (long)(fault.Duration.TotalSeconds * time.TimestampFrequency);
                _slowBytesPerSecond = Math.Max(20, fault.BytesPerSecond);
                return null;
            default: await WriteRawAsync(fault.Bytes ?? [], cancel); return null;
        }
    }

    private async ValueTask WriteRawAsync(byte[] bytes, CancellationToken cancel)
    {
        var now = UnixNanos.From(time.GetUtcNow()).Value;
        journal.Record(connection, [new JournalEntry(now, XxHash64.HashToUInt64(bytes), bytes.Length, JournalEntryKind.Partial)]);
        await stream.WriteAsync(bytes, cancel);
    }

    /// <summary>Writes a frame in two parts with a pause, or its first part only.</summary>
    private async ValueTask<SendOutcome?> WriteInsideAsync(int index, CancellationToken cancel)
    {
        var (fault, bytes) = (_inside!, _writing.Bytes(index, index + 1));
        _inside = null;
        var half = Math.Max(1, bytes.Length / 2);
        if (fault.Kind == SendFaultKind.CutInside)
        {
            Journal(index, index + 1, JournalEntryKind.Partial);
            await stream.WriteAsync(bytes[..half], cancel);
            return SendOutcome.Cut;
        }
        await stream.WriteAsync(bytes[..half], cancel);
        await Task.Delay(fault.Duration, time, cancel);
        Journal(index, index + 1, null);
        await stream.WriteAsync(bytes[half..], cancel);
        return null;
    }
}
