using System.Globalization;

namespace Tape.TestKit.Proofs;

/// <summary>The share of the long proofs that this run takes: part k of n. Over all n parts every case runs once.</summary>
/// <param name="Part">From 1 to <paramref name="Parts"/>.</param>
/// <param name="Parts">1 for all.</param>
public readonly record struct ProofShare(int Part, int Parts)
{
    /// <summary>What the environment variable TAPE_PROOFS asks for; without it the first of three parts.</summary>
    public static ProofShare Current { get; } = Parse(Environment.GetEnvironmentVariable("TAPE_PROOFS"));

    /// <summary>Reads <c>full</c> or <c>k/n</c>.</summary>
    public static ProofShare Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new(1, 3);
        if (text == "full") return new(1, 1);
        var parts = text.Split('/');
        if (parts.Length == 2 && TryRead(parts[0], out var part) && TryRead(parts[1], out var of) && part <= of) return new(part, of);
        throw new FormatException($"TAPE_PROOFS is '{text}', expected 'full' or a part such as '2/3', from 1/n to n/n.");
    }

    /// <summary>The numbers of this share without end: of operations that a sweep cuts one by one until a run meets no cut.</summary>
    /// <param name="from">The first number of all shares together.</param>
    public IEnumerable<int> Numbers(int from = 1)
    {
        for (var number = from + Part - 1; ; number += Parts) yield return number;
    }

    /// <summary>The cases of this share, in order.</summary>
    public IEnumerable<T> Of<T>(IEnumerable<T> cases)
    {
        var skip = Part - 1;
        var parts = Parts;
        return cases.Where((_, index) => index % parts == skip);
    }

    public override string ToString() => Parts == 1 ? "full" : $"{Part}/{Parts}";

    private static bool TryRead(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
