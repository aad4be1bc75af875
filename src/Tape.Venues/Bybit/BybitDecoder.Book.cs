using Tape.Venues.Frames;

namespace Tape.Venues.Bybit;

/// <summary>Books: of one level to a quote, of more to book rows.</summary>
public sealed partial class BybitDecoder
{
    private void AddBook(ReadOnlySpan<byte> frame, BybitKind kind)
    {
        if (!Text(frame, _root, BybitField.Type, out ReadOnlySpan<byte> type)) return;
        var isSnapshot = type.SequenceEqual("snapshot"u8);
        if (!isSnapshot && !type.SequenceEqual("delta"u8))
        {
            Wrong(_root, BybitField.Type, "must be snapshot or delta");
            return;
        }

        if (!Text(frame, _data, BybitField.Symbol, out TextRef symbol) || !BookTimes(frame, symbol, out var head)) return;
        if (!Integer(frame, _data, BybitField.UpdateId, out var updateId) || !Levels(frame, _data, BybitField.Bids, BybitField.Asks)) return;
        if (kind == BybitKind.Quote) EmitQuote(head, Best(Bids), Best(Asks), updateId);
        else if (OptionalInteger(frame, _data, BybitField.Sequence, out var sequence))
            EmitBook(head, isSnapshot ? BookKind.Snapshot : BookKind.Delta, Absent.Integer, updateId, Absent.Integer, sequence);
    }

    /// <summary>The time of the matching engine where the frame has it, else the message time.</summary>
    private bool BookTimes(ReadOnlySpan<byte> frame, TextRef symbol, out EventHead head)
    {
        head = default;
        if (!OptionalTime(frame, _root, BybitField.EngineTime, out var time)) return false;
        if (time != Absent.Integer)
        {
            if (!OptionalTime(frame, _root, BybitField.SentTime, out var sent)) return false;
            head = new EventHead(0, symbol, time, sent);
            return true;
        }

        if (!Time(frame, _root, BybitField.SentTime, out time)) return false;
        head = new EventHead(0, symbol, time, Absent.Integer);
        return true;
    }

    /// <summary>The level that stands; one with size 0 has been removed. None is an empty side, or one that has not changed.</summary>
    private static (double Price, double Quantity) Best(LevelList levels)
    {
        foreach (var level in levels.Items)
        {
            if (level.Quantity != 0) return level;
        }

        return (Absent.Number, Absent.Number);
    }
}
