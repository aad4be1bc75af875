namespace Tape.Venues.Binance;

/// <summary>Collects what is fixed and what may vary in the frames of a layout, from one frame that matched its shape.</summary>
internal sealed class LayoutBuilder
{
    private const int LettersBeyondFirst = 'z' - 'a';

    private readonly byte[] _frame;

    /// <param name="frame">Until something is allowed to vary, only this very frame has the layout.</param>
    public LayoutBuilder(ReadOnlySpan<byte> frame)
    {
        _frame = frame.ToArray();
        Least = frame.ToArray();
        Range = new byte[frame.Length];
    }

    /// <summary>The least byte that may stand at each offset.</summary>
    public byte[] Least { get; }

    /// <summary>How far above it the byte may be.</summary>
    public byte[] Range { get; }

    public List<DigitRun> Integers { get; } = [];

    public List<DigitRun> Numbers { get; } = [];

    public (int From, int Length) Symbol { get; private set; }

    public (int From, int Length) Id { get; private set; }

    /// <summary>The last boolean.</summary>
    public bool IsTrue { get; private set; }

    /// <summary>Lets letters and digits of a text vary within their kind; other bytes of it stay as they are, so that it stays valid text without escapes.</summary>
    public void AllowText(int from, int length)
    {
        for (var at = from; at < from + length; at++)
        {
            if (char.IsAsciiDigit((char)_frame[at])) Allow(at, '0', 9);
            else if (char.IsAsciiLetterLower((char)_frame[at])) Allow(at, 'a', LettersBeyondFirst);
            else if (char.IsAsciiLetterUpper((char)_frame[at])) Allow(at, 'A', LettersBeyondFirst);
        }
    }

    /// <summary>Walks over the frame by the steps of its shape.</summary>
    /// <returns>False when a value can't be read by its place alone.</returns>
    public bool TryTake(FrameShape shape, int typeStart)
    {
        var at = typeStart;
        foreach (var step in shape.Steps)
        {
            at += step.Length;
            var from = at;
            switch (step.Kind)
            {
                case StepKind.Fixed:
                    break;
                case StepKind.Integer:
                    if (!TryInteger(step.Field, ref at)) return false;
                    if (step.Field == shape.IdField) Id = (from, at - from);
                    break;
                case StepKind.Number:
                    if (!TryNumber(step.Field, ref at)) return false;
                    break;
                case StepKind.Boolean:
                    IsTrue = _frame[at] == 't';
                    at += IsTrue ? "true".Length : "false".Length;
                    break;
                case StepKind.Text or StepKind.Symbol:
                    at += _frame.AsSpan(at).IndexOf((byte)'"');
                    AllowText(from, at - from);
                    if (step.Kind == StepKind.Symbol) Symbol = (from, at - from);
                    break;
                default:
                    return false;
            }
        }

        return IsReadable(Symbol) && IsReadable(Id) && Symbol.Length > 0;
    }

    private bool TryInteger(int field, ref int at)
    {
        var digits = TakeDigits(ref at, mayBeginWithZero: false);
        if (digits > DigitRun.BytesMax) return false;
        if (field > 0) Integers.Add(new DigitRun(at, digits, 0, isNegative: false, field));
        return true;
    }

    private bool TryNumber(int field, ref int at)
    {
        var isNegative = _frame[at] == '-';
        if (isNegative) at++;
        var whole = TakeDigits(ref at, mayBeginWithZero: false);
        var decimals = 0;
        if (_frame[at] == '.')
        {
            at++;
            decimals = TakeDigits(ref at, mayBeginWithZero: true);
        }

        if (whole + decimals > Json.WireNumber.ExactDigits) return false;
        Numbers.Add(new DigitRun(at, whole, decimals, isNegative, field));
        return true;
    }

    /// <summary>Lets digits vary; JSON forbids a zero before other digits of a whole number.</summary>
    private int TakeDigits(ref int at, bool mayBeginWithZero)
    {
        var from = at;
        for (; char.IsAsciiDigit((char)_frame[at]); at++) Allow(at, '0', 9);
        if (!mayBeginWithZero && at - from > 1) Allow(from, '1', 8);
        return at - from;
    }

    private void Allow(int at, char least, int range) => (Least[at], Range[at]) = ((byte)least, (byte)range);

    private bool IsReadable((int From, int Length) text) => text.Length <= DigitRun.BytesMax && text.From + DigitRun.BytesMax <= _frame.Length;
}
