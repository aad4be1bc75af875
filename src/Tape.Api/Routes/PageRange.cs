using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tape.Query.Output;

namespace Tape.Api.Routes;

/// <summary>Which part of a list is asked for.</summary>
internal sealed record PageRange
{
    private const int RowsUsual = 1000;
    private const int RowsMax = 10_000;

    /// <summary>What the parameters may be.</summary>
    public static string Expected { get; } = $"a limit from 1 to {RowsMax} and an offset of 0 or more";

    [FromQuery(Name = "limit"), Description("Entries of the answer, 1 to 10000; 1000 when absent.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "offset"), Description("Entries to leave out first: next_offset of the answer before.")]
    public string? Offset { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="member">The list's name in the answer.</param>
    /// <returns>False for what is no page.</returns>
    public bool TryRead(string member, out AnswerPage page)
    {
        var isRead = TryNumber(Limit, RowsUsual, out var rows) & TryNumber(Offset, 0, out var offset) && rows is >= 1 and <= RowsMax;
        page = new AnswerPage(member, isRead ? (int)rows : RowsUsual, offset);
        return isRead;
    }

    private static bool TryNumber(string? text, long absent, out long number)
    {
        number = absent;
        return string.IsNullOrEmpty(text) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
