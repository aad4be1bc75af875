namespace Tape.Query.Output;

/// <summary>
/// A part of a list, as a JSON object: the rows under the list's name, and <c>next_offset</c>, which is null behind the last of them. The question itself must
/// ask for one row more than the page has.
/// </summary>
/// <param name="Member">The list's name: <c>gaps</c>.</param>
/// <param name="Rows">Rows of the page.</param>
/// <param name="Offset">Rows before it.</param>
public sealed record AnswerPage(string Member, int Rows, long Offset);
