namespace Tape.Core.Values;

/// <summary>Finds the known names that a misspelt one may mean.</summary>
public static class Spelling
{
    /// <summary>How many letters differ (Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }

    /// <summary>
    /// The known texts that are nearest to one, nearest first: near enough that a slip explains the difference, and none much farther than the nearest.
    /// </summary>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> Near(string text, IEnumerable<string> known, int most)
    {
        var near = known.Select(name => (Name: name, Distance: Distance(name, text))).Where(near => near.Distance <= Math.Min(3, text.Length / 2)).ToList();
        return
        [
            .. near
                .Where(one => one.Distance <= near.Min(other => other.Distance) + 1)
                .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal)
                .Take(most).Select(one => one.Name),
        ];
    }
}
