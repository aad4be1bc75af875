namespace Tape.Venues.Rest;

/// <summary>
/// The pages of one list as one body: exact bodies with a record separator (byte 0x1E, which no JSON text holds) between them. One page alone is its body as it
/// is.
/// </summary>
public static class RestPages
{
    /// <summary>Pages that one list may have. A venue that always names a next one must not keep us for ever.</summary>
    public const int CountMax = 32;

    private const byte Separator = 0x1E;

    /// <summary>Puts pages together.</summary>
    public static ReadOnlyMemory<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> pages)
    {
        if (pages.Count == 1) return pages[0];
        var body = new byte[pages.Sum(page => page.Length) + pages.Count - 1];
        var at = 0;
        foreach (var page in pages)
        {
            if (at > 0) body[at++] = Separator;
            page.CopyTo(body.AsMemory(at));
            at += page.Length;
        }

        return body;
    }

    /// <summary>Takes them apart again.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body)
    {
        for (var end = body.Span.IndexOf(Separator); end >= 0; end = body.Span.IndexOf(Separator))
        {
            yield return body[..end];
            body = body[(end + 1)..];
        }

        yield return body;
    }
}
