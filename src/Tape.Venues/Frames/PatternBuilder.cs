using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>
/// Collects what is fixed and what may vary in bytes of a pattern, from an example. Until something is allowed to vary, only the example has the pattern.
/// </summary>
internal class PatternBuilder(ReadOnlySpan<byte> example)
{
    private const int LettersBeyondFirst = 'z' - 'a';

    private readonly byte[] _example = example.ToArray();
    private readonly byte[] _least = example.ToArray();
    private readonly byte[] _range = new byte[example.Length];

    protected ReadOnlySpan<byte> Example => _example;

    public BytePattern Pattern => new(_least, _range);

    /// <summary>
    /// Lets letters and digits of a text vary within their kind; other bytes of it stay as they are, so that it stays valid text without escapes.
    /// </summary>
    public void AllowText(int from, int length)
    {
        for (var at = from; at < from + length; at++)
        {
            if (char.IsAsciiDigit((char)_example[at])) Allow(at, '0', 9);
            else if (char.IsAsciiLetterLower((char)_example[at])) Allow(at, 'a', LettersBeyondFirst);
            else if (char.IsAsciiLetterUpper((char)_example[at])) Allow(at, 'A', LettersBeyondFirst);
        }
    }

    /// <summary>
    /// Lets letters and digits of an id stand for each other. What lies between them in ASCII may then stand there too: a backslash must be looked for apart.
    /// </summary>
    public void AllowId(int from, int length)
    {
        for (var at = from; at < from + length; at++)
            if (char.IsAsciiLetterOrDigit((char)_example[at])) Allow(at, '0', 'z' - '0');
    }

    /// <summary>Lets the digits of an integer vary.</summary>
    /// <param name="at">Its offset; behind it afterwards.</param>
    /// <param name="field">The number of the field that it is.</param>
    /// <returns>Null when it can't be read by its place alone.</returns>
    public DigitRun? Integer(ref int at, int field)
    {
        var digits = TakeDigits(ref at, mayBeginWithZero: false);
        return digits is > 0 and <= DigitRun.BytesMax && at >= DigitRun.BytesMax ? new DigitRun(at, digits, 0, isNegative: false, field) : null;
    }

    /// <summary>Lets the digits of a number vary.</summary>
    /// <param name="at">Its offset; behind it afterwards.</param>
    /// <param name="field">The number of the field that it is.</param>
    /// <returns>Null when it can't be read by its place alone.</returns>
    public DigitRun? Number(ref int at, int field)
    {
        var isNegative = _example[at] == '-';
        if (isNegative) at++;
        var whole = TakeDigits(ref at, mayBeginWithZero: false);
        var decimals = 0;
        if (_example[at] == '.')
        {
            at++;
            decimals = TakeDigits(ref at, mayBeginWithZero: true);
        }

        return whole > 0 && whole + decimals <= WireNumber.ExactDigits && at >= DigitRun.BytesMax ? new DigitRun(at, whole, decimals, isNegative, field) : null;
    }

    /// <summary>Lets digits vary; JSON forbids a zero before other digits of a whole number.</summary>
    private int TakeDigits(ref int at, bool mayBeginWithZero)
    {
        var from = at;
        for (; char.IsAsciiDigit((char)_example[at]); at++) Allow(at, '0', 9);
        if (!mayBeginWithZero && at - from > 1) Allow(from, '1', 8);
        return at - from;
    }

    private void Allow(int at, char least, int range) => (_least[at], _range[at]) = ((byte)least, (byte)range);
}
