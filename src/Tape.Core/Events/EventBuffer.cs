using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Tape.Core.Events;

/// <summary>
/// The events of one frame, by kind. A decoder clears it, fills it, and clears it again when the frame turns out undecodable,
/// so that a caller sees all events of a frame or none. Owned by its user and used again for every frame; not thread-safe.
/// </summary>
public sealed class EventBuffer
{
    private byte[] _text = new byte[1024];
    private int _textLength;

    public EventList<TradeEvent> Trades { get; } = new();
    public EventList<QuoteEvent> Quotes { get; } = new();
    public EventList<MarkPriceEvent> MarkPrices { get; } = new();
    public EventList<FundingEvent> Fundings { get; } = new();
    public EventList<OpenInterestEvent> OpenInterests { get; } = new();
    public EventList<LiquidationEvent> Liquidations { get; } = new();
    public EventList<BookEvent> Book { get; } = new();
    public EventList<CandleEvent> Candles { get; } = new();

    /// <summary>Events of all kinds.</summary>
    public int Count => Trades.Count + Quotes.Count + MarkPrices.Count + Fundings.Count + OpenInterests.Count + Liquidations.Count + Book.Count + Candles.Count;

    /// <summary>Copies UTF-8 text into the buffer. Empty text gives the default reference (absent).</summary>
    public TextRef AddText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return default;
        if (_textLength + utf8.Length > _text.Length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + utf8.Length));
        utf8.CopyTo(_text.AsSpan(_textLength));
        var reference = new TextRef(_textLength, utf8.Length);
        _textLength += utf8.Length;
        return reference;
    }

    /// <summary>Adds UTF-8 text of 1 to 16 bytes, the first ones of a vector.</summary>
    public TextRef AddText(Vector128<byte> utf8, int length)
    {
        Debug.Assert(length is > 0 and <= 16, "text of 1 to 16 bytes");
        if (_textLength + Vector128<byte>.Count > _text.Length) Array.Resize(ref _text, _text.Length * 2);
        utf8.StoreUnsafe(ref _text[_textLength]);
        var reference = new TextRef(_textLength, length);
        _textLength += length;
        return reference;
    }

    /// <summary>The text behind a reference; valid until the next <see cref="AddText"/> or <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Text(TextRef reference) => _text.AsSpan(reference.Start, reference.Length);

    /// <summary>Forgets events and text, keeps the room.</summary>
    public void Clear()
    {
        _textLength = 0;
        Trades.Clear();
        Quotes.Clear();
        MarkPrices.Clear();
        Fundings.Clear();
        OpenInterests.Clear();
        Liquidations.Clear();
        Book.Clear();
        Candles.Clear();
    }
}
