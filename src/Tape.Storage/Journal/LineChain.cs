using System.Security.Cryptography;

namespace Tape.Storage.Journal;

/// <summary>
/// Chains the lines of a log: each carries a hash over itself and the chain of the one before, so no line can be taken out, put in or exchanged without all
/// behind it telling. Lines of version 1 carry none; they are counted in all the same, so that the first line of version 2 binds them. Not thread-safe.
/// </summary>
internal sealed class LineChain
{
    /// <summary>Hexadecimal digits of a chain: 128 bits of SHA-256.</summary>
    public const int HexDigits = 32;

    private const int HashBytes = HexDigits / 2;

    private static ReadOnlySpan<byte> EntryStart => "{\"entry\":\""u8;

    private static ReadOnlySpan<byte> Mark => ",\"v\":2,\"chain\":\""u8;

    private readonly byte[] _chain = new byte[HashBytes];
    private bool _isChained;
    private long _watched;

    /// <summary>The lines so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Behind the last line.</summary>
    public LogHead Head => new(Lines, Convert.ToHexStringLower(_chain));

    /// <summary>The chain when there were as many lines as are watched; null before.</summary>
    public string? Watched { get; private set; } = LogHead.None.Chain;

    /// <summary>Remembers the chain at a count of lines that is not passed yet.</summary>
    public void Watch(long lines)
    {
        _watched = lines;
        Watched = lines == Lines ? Head.Chain : null;
    }

    /// <summary>Takes the next line in.</summary>
    /// <param name="json">As it stands in the log.</param>
    /// <returns>The entry without its chain.</returns>
    /// <exception cref="FormatException">It does not follow the line before.</exception>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> json)
    {
        var at = MarkOf(json);
        if (at < 0)
        {
            if (_isChained) throw new FormatException($"line {Lines + 1} without a chain behind lines that have one");
            Add(json);
            return json;
        }

        var given = json.Slice(at + Mark.Length, HexDigits);
        var entry = new byte[json.Length - Mark.Length - HexDigits - 1];
        json[..at].CopyTo(entry);
        json[(at + Mark.Length + HexDigits + 1)..].CopyTo(entry.AsSpan(at));
        Add(entry);
        _isChained = true;
        Span<byte> expected = stackalloc byte[HexDigits];
        Convert.TryToHexStringLower(_chain, expected, out _);
        return given.SequenceEqual(expected)
            ? entry : throw new FormatException($"line {Lines} that does not follow the one before: lines were lost, put in or exchanged");
    }

    /// <summary>Makes the next line of an entry, and takes it in.</summary>
    /// <param name="entry">Its JSON, which begins with <c>entry</c>.</param>
    public byte[] Write(ReadOnlySpan<byte> entry)
    {
        Add(entry);
        _isChained = true;
        var at = EndOfName(entry);
        if (at < 0) throw new ArgumentException("An entry begins with its name.", nameof(entry));
        var json = new byte[entry.Length + Mark.Length + HexDigits + 1];
        entry[..at].CopyTo(json);
        Mark.CopyTo(json.AsSpan(at));
        Convert.TryToHexStringLower(_chain, json.AsSpan(at + Mark.Length, HexDigits), out _);
        json[at + Mark.Length + HexDigits] = (byte)'"';
        entry[at..].CopyTo(json.AsSpan(at + Mark.Length + HexDigits + 1));
        return CheckedLine.Write(json);
    }

    private void Add(ReadOnlySpan<byte> entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_chain);
        hash.AppendData(entry);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..HashBytes].CopyTo(_chain);
        if (++Lines == _watched) Watched = Convert.ToHexStringLower(_chain);
    }

    /// <summary>Where the chain stands in a line; -1 for one of version 1.</summary>
    private static int MarkOf(ReadOnlySpan<byte> json) =>
        EndOfName(json) is var at and >= 0 && json[at..].StartsWith(Mark) && json.Length > at + Mark.Length + HexDigits
            && json[at + Mark.Length + HexDigits] == '"' ? at : -1;

    /// <summary>Behind the name of the entry; -1 when the JSON does not begin with one.</summary>
    private static int EndOfName(ReadOnlySpan<byte> json) =>
        json.StartsWith(EntryStart) && json[EntryStart.Length..].IndexOf((byte)'"') is var length and >= 0 ? EntryStart.Length + length + 1 : -1;
}
