using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Decoding;

/// <summary>A frame as observers see it, during the call. It is decoded at most once, when the first observer asks for its outcome.</summary>
public ref struct DecodedFrame
{
    private readonly ConnectionContext? _connection;
    private readonly ConnectionContext.WireStream? _stream;
    private FrameOutcome _outcome;
    private bool _isDecoded;

    internal DecodedFrame(ConnectionContext? connection, ConnectionContext.WireStream? stream, EventBuffer events) =>
        (_connection, _stream, Events) = (connection, stream, events);

    /// <summary>The venue's name, one object for all its frames; empty when the connection is not known.</summary>
    public readonly string Venue => _connection?.Venue ?? "";

    /// <summary>What the observer keeps for the frame's stream; null for nothing, and when the frame does not name its stream.</summary>
    public readonly object? State => _stream?.States[Observer];

    /// <summary>The events, after <see cref="Decode"/>.</summary>
    public readonly EventBuffer Events { get; }

    /// <summary>The observer that sees it now.</summary>
    internal int Observer { readonly get; set; }

    /// <summary>Decodes it, unless another observer has done so already. A frame of an unknown connection or venue is undecodable.</summary>
    /// <param name="record">The record of this frame.</param>
    public FrameOutcome Decode(in TapeRecord record)
    {
        if (_isDecoded) return _outcome;
        _isDecoded = true;
        return _outcome = _connection?.Decoder is { } decoder ? decoder.Decode(record.Payload, Events) : FrameOutcome.Undecodable;
    }

    /// <summary>Why an undecodable frame is that.</summary>
    /// <param name="record">The record of this frame.</param>
    public readonly string Fault(in TapeRecord record) => _connection is null ? $"connection {record.Connection} is not known"
        : _connection.Decoder?.Fault ?? $"venue '{_connection.Venue}' is not known to this program";
}
