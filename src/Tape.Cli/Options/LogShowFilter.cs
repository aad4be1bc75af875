using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Cli.Options;

/// <summary>A place on the tape as a user names it: a record's number or a time, one of the two.</summary>
internal sealed record TapePlace(long? Seq, UnixNanos? Time)
{
    /// <summary>Reads digits as a number, anything else as <see cref="TimeText"/> does; null when it is neither.</summary>
    public static TapePlace? Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) return new(seq, null);
        return TimeText.TryRead(text, UnixNanos.From(TimeProvider.System.GetUtcNow()), out var time) ? new(null, time) : null;
    }
}

/// <summary>Which records to show.</summary>
internal sealed record LogShowFilter(TapePlace? From, TapePlace? To, RecordKind? Kind, long? Connection, long Limit)
{
    /// <summary>Only frames of one stream; null for all records.</summary>
    public WireNameFilter? Stream { get; init; }

    public long StartSeq(string folder) => From?.Seq ?? (From?.Time is { } time ? TapeReader.SeekTime(DiskFiles.Instance, folder, time) : 0);

    /// <summary>Whether no later record can be wanted. Times do not rise strictly, so only a number ends the reading.</summary>
    public bool IsPast(TapeRecord record) => record.Seq >= To?.Seq;

    public bool Takes(TapeRecord record) =>
        (Kind is null || record.Kind == Kind) && (Connection is null || record.Connection == Connection)
        && !(record.Time < From?.Time) && !(record.Time >= To?.Time) && (Stream is null || Stream.Takes(record));
}
