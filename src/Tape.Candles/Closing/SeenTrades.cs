using System.Text.Json.Serialization;

namespace Tape.Candles.Closing;

/// <summary>
/// Which trades of a minute have been counted, so that a copy over another connection, or again over the same one, counts once. Ids that are numbers are kept
/// as runs, others as hashes. Part of the state of derivation.
/// </summary>
internal sealed class SeenTrades
{
    private HashSet<ulong> _hashes = [];

    /// <summary>Runs of ids, both ends included, the lowest first and never touching.</summary>
    public List<long[]> Runs { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong[]? Hashes
    {
        get => _hashes.Count == 0 ? null : [.. _hashes.Order()];
        init => _hashes = [.. value ?? []];
    }

    /// <summary>Takes in a trade.</summary>
    /// <param name="id">As sent; one that is absent is never a copy.</param>
    /// <returns>False when it was there already.</returns>
    public bool Add(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty) return true;
        return System.Buffers.Text.Utf8Parser.TryParse(id, out long number, out var used) && used == id.Length ? AddNumber(number) : _hashes.Add(Hash(id));
    }

    /// <summary>Lets go of what takes room: copies of a trade whose id is no number are not known any more.</summary>
    public void ForgetHashes() => _hashes = [];

    /// <summary>Whether a trade was taken in.</summary>
    public bool Has(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty) return false;
        if (!System.Buffers.Text.Utf8Parser.TryParse(id, out long number, out var used) || used != id.Length) return _hashes.Contains(Hash(id));
        var at = PlaceOf(number);
        return at >= 0 && Runs[at][1] >= number;
    }

    private bool AddNumber(long number)
    {
        var at = PlaceOf(number);
        if (at >= 0 && Runs[at][1] >= number) return false;
        var joinsBefore = at >= 0 && Runs[at][1] == number - 1;
        var joinsNext = at + 1 < Runs.Count && Runs[at + 1][0] == number + 1;
        if (joinsBefore && joinsNext)
        {
            Runs[at][1] = Runs[at + 1][1];
            Runs.RemoveAt(at + 1);
        }
        else if (joinsBefore) Runs[at][1] = number;
        else if (joinsNext) Runs[at + 1][0] = number;
        else Runs.Insert(at + 1, [number, number]);
        return true;
    }

    /// <summary>The last run that begins at or before a number; -1 for none. Ids mostly rise: it is looked for from the end.</summary>
    private int PlaceOf(long number)
    {
        if (Runs.Count == 0 || Runs[0][0] > number) return -1;
        if (Runs[^1][0] <= number) return Runs.Count - 1;
        var (low, high) = (0, Runs.Count - 1);
        while (low < high - 1)
        {
            var middle = (low + high) / 2;
            if (Runs[middle][0] <= number) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>FNV-1a over 64 bits: the same on every machine.</summary>
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var value in text) hash = (hash ^ value) * 1_099_511_628_211UL;
        return hash;
    }
}
