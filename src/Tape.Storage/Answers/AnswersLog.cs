using System.Buffers.Binary;
using System.IO.Compression;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;

namespace Tape.Storage.Answers;

/// <summary>
/// The answers log: REST answers that led to stored data, in the format of the tape and beside it. This is its reading side, which takes no lock;
/// <see cref="AnswersWriter"/> appends.
/// </summary>
public static class AnswersLog
{
    /// <summary>Bytes of the longest body.</summary>
    public const int BodyBytesMax = 32 << 20;

    internal const string Brotli = "brotli";
    internal const string Hint = "Move the folder 'answers' away and start again: it is made anew from the venue's next answers.";

    /// <summary>Bodies shorter than this are stored as they are.</summary>
    private const int PackFrom = 1024;

    /// <summary>Compression that halves what level 1 leaves of a list of instruments, at tens of MB/s.</summary>
    private const int BrotliQuality = 5;

    private const int BrotliWindow = 22;

    /// <summary>
    /// The log of answers about candles, a folder of its own: the recorder writes lists of instruments, and others ask for candles beside it.
    /// </summary>
    public const string Candles = "candles";

    /// <summary>The folder of a vault's answers log.</summary>
    /// <param name="part">A log of its own beside it: <see cref="Candles"/>; null for that of the recorder.</param>
    public static string Folder(string vault, string? part = null) => part is null ? Path.Combine(vault, "answers") : Path.Combine(vault, "answers", part);

    /// <summary>All answers of a log in the order stored; none where there is no log. Bodies are unpacked only when asked for.</summary>
    /// <param name="part">As of <see cref="Folder"/>.</param>
    /// <param name="fromSeq">The first record to give.</param>
    /// <exception cref="DamagedException">The log, or a head on it, is damaged. Raised while reading.</exception>
    public static IEnumerable<StoredAnswer> Read(IFiles files, string vault, string? part = null, long fromSeq = 0)
    {
        using var reader = Named(() => TapeReader.Open(files, Folder(vault, part), fromSeq));
        while (Named(() => Next(reader)) is { } answer) yield return answer;
    }

    /// <summary>How far the log has come; null where there is none.</summary>
    /// <param name="part">As of <see cref="Folder"/>.</param>
    /// <exception cref="DamagedException">Its end can't be read.</exception>
    public static AnswersMark? Mark(IFiles files, string vault, string? part = null) => Named(() =>
    {
        var folder = Folder(vault, part);
        if (TapeFolder.IdOf(files, folder) is not { } id) return null;
        var end = TapeFolder.EndOf(files, folder);
        return new AnswersMark(id.ToString("x16", CultureInfo.InvariantCulture), end, TapeFolder.ChecksumBefore(files, folder, end));
    });

    /// <summary>What is missing from a log that had come so far once, as a sentence; null when nothing is.</summary>
    /// <exception cref="DamagedException">It can't be read up to there.</exception>
    public static string? Loss(IFiles files, string vault, AnswersMark expected)
    {
        var (folder, found) = (Folder(vault), Mark(files, vault));
        var isWhole = found?.Id == expected.Id && found.NextSeq >= expected.NextSeq
            && (found == expected || Named(() => TapeFolder.ChecksumBefore(files, folder, expected.NextSeq)) == expected.Checksum);
        return isWhole ? null : $"{folder}: found {(found is null ? "no answers log" : $"{found.NextSeq} records of log {found.Id}")}, expected "
            + $"{expected.NextSeq} or more of log {expected.Id}, the last with checksum {expected.Checksum}, as raw/seals.log says";
    }

    /// <summary>Refuses a log that was cut, lost or exchanged since the last seal: nothing can make its answers again.</summary>
    /// <exception cref="DamagedException">It was; the message says what is missing.</exception>
    public static void RequireWhole(IFiles files, string vault)
    {
        if (SealLog.HeadsOf(files, vault).Answers is { } expected && Loss(files, vault, expected) is { } loss)
            throw new DamagedException(loss,
                "Bring the folder 'answers' back from a copy of the vault. To go on without these answers: move it away; the recorder asks the venues anew, "
                    + "and "
                + "the next seal takes the new log over.");
    }

    /// <summary>The payload of a record: the head's length as a little-endian u32, the head, the body.</summary>
    internal static byte[] Payload(AnswerHead head, ReadOnlySpan<byte> body)
    {
        head = head with { BodyBytes = body.Length, Coding = null };
        var packed = head.SameAs is null && body.Length >= PackFrom ? Pack(body) : null;
        if (packed is not null) head = head with { Coding = Brotli };
        var stored = head.SameAs is not null ? [] : packed ?? body;
        var json = head.ToJson();
        var payload = new byte[4 + json.Length + stored.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, (uint)json.Length);
        json.CopyTo(payload, 4);
        stored.CopyTo(payload.AsSpan(4 + json.Length));
        return payload;
    }

    /// <summary>The format is the tape's, and so are its messages: damage here says which log it is, and what to do about this one.</summary>
    internal static T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DamagedException fault) when (fault.Hint != Hint)
        {
            throw new DamagedException($"answers log: {fault.Message}", Hint, fault);
        }
    }

    private static StoredAnswer? Next(TapeReader reader)
    {
        while (reader.TryRead(out var record))
            if (record.Kind == RecordKind.Answer) return Parse(record.Seq, record.Payload);
        return null;
    }

    private static StoredAnswer Parse(long seq, ReadOnlySpan<byte> payload)
    {
        var headBytes = payload.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (headBytes > payload.Length - 4) throw new DamagedException($"answers log, record {seq}: found {payload.Length} bytes, too few for its head", Hint);
        return new StoredAnswer(seq, AnswerHead.Parse(payload.Slice(4, (int)headBytes), seq), payload[(4 + (int)headBytes)..].ToArray());
    }

    /// <summary>Null where compression gains nothing.</summary>
    private static byte[]? Pack(ReadOnlySpan<byte> body)
    {
        var room = new byte[body.Length];
        return BrotliEncoder.TryCompress(body, room, out var written, BrotliQuality, BrotliWindow) ? room[..written] : null;
    }
}
