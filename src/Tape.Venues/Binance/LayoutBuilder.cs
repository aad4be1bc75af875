using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>Collects what is fixed and what may vary in the frames of a layout, from one frame that matched its shape.</summary>
internal sealed class LayoutBuilder(ReadOnlySpan<byte> frame) : PatternBuilder(frame)
{
    public List<DigitRun> Integers { get; } = [];

    public List<DigitRun> Numbers { get; } = [];

    public (int From, int Length) Symbol { get; private set; }

    public (int From, int Length) Id { get; private set; }

    /// <summary>The last boolean.</summary>
    public bool IsTrue { get; private set; }

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
                    IsTrue = Example[at] == 't';
                    at += IsTrue ? "true".Length : "false".Length;
                    break;
                case StepKind.Text or StepKind.Symbol:
                    at += Example[at..].IndexOf((byte)'"');
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
        if (Integer(ref at, field) is not { } run) return false;
        if (field > 0) Integers.Add(run);
        return true;
    }

    private bool TryNumber(int field, ref int at)
    {
        if (Number(ref at, field) is not { } run) return false;
        Numbers.Add(run);
        return true;
    }

    private bool IsReadable((int From, int Length) text) => text.Length <= DigitRun.BytesMax && text.From + DigitRun.BytesMax <= Example.Length;
}
