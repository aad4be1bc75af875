using System.IO.Compression;

namespace Tape.Storage.Answers;

/// <summary>An answer as it stands on the log.</summary>
/// <param name="Seq">Number of its record on the answers log.</param>
/// <param name="Head">What was asked and how it was answered.</param>
/// <param name="Packed">The body as it is stored.</param>
public sealed record StoredAnswer(long Seq, AnswerHead Head, ReadOnlyMemory<byte> Packed)
{
    /// <summary>The body as the venue sent it; empty for an answer that says the same as an earlier one.</summary>
    /// <exception cref="DamagedException">What is stored does not give the body that the head tells of, or is coded in a way that this version does not
    /// know.</exception>
    public byte[] Body()
    {
        if (Head.Coding is null)
            return Packed.Length == Head.BodyBytes || Head.SameAs is not null
                ? Packed.ToArray() : throw Bad($"a body of {Packed.Length} bytes, expected {Head.BodyBytes}");
        if (Head.Coding != AnswersLog.Brotli) throw Bad($"a body coded as '{Head.Coding}', expected {AnswersLog.Brotli}: it may come from a newer version");
        if (Head.BodyBytes is < 0 or > AnswersLog.BodyBytesMax) throw Bad($"a body of {Head.BodyBytes} bytes, expected at most {AnswersLog.BodyBytesMax}");
        var body = new byte[Head.BodyBytes];
        return BrotliDecoder.TryDecompress(Packed.Span, body, out var written) && written == body.Length
            ? body : throw Bad("a compressed body that does not give the bytes it should");
    }

    private DamagedException Bad(string found) => new($"answers log, record {Seq}: found {found}", AnswersLog.Hint);
}
