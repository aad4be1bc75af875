namespace Tape.Candles.Indicators;

/// <summary>Averages over one unbroken run. NaN stands for NULL: an average that is not warm, or of which an input is NULL.</summary>
public static class MovingAverages
{
    /// <summary>The mean of the last <paramref name="length"/> values.</summary>
    public static double[] Simple(ReadOnlySpan<double> values, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var means = Nothing(values.Length);
        // Each window is added up by itself: a running sum would carry the rounding of values long gone.
        for (var index = length - 1; index < values.Length; index++) means[index] = Mean(values.Slice(index - length + 1, length));
        return means;
    }

    /// <summary>
    /// The exponential average with the factor 2 / (length + 1). It begins with the mean of the first <paramref name="length"/> values that are there.
    /// </summary>
    public static double[] Exponential(ReadOnlySpan<double> values, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return Recursive(values, length, 2.0 / (length + 1));
    }

    /// <summary>Wilder's average, with the factor 1 / length. It begins as the exponential one does.</summary>
    public static double[] Wilder(ReadOnlySpan<double> values, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return Recursive(values, length, 1.0 / length);
    }

    internal static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    internal static double[] Nothing(int length)
    {
        var values = new double[length];
        Array.Fill(values, double.NaN);
        return values;
    }

    private static double[] Recursive(ReadOnlySpan<double> values, int length, double factor)
    {
        var averages = Nothing(values.Length);
        var first = 0;
        while (first < values.Length && double.IsNaN(values[first])) first++;
        if (values.Length - first < length) return averages;
        var last = Mean(values.Slice(first, length));
        averages[first + length - 1] = last;
        for (var index = first + length; index < values.Length; index++) averages[index] = last += factor * (values[index] - last);
        return averages;
    }
}
