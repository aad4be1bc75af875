namespace Tape.Collect.Storing;

/// <summary>A moment on the steady clock from which on something is due; at once in the beginning.</summary>
internal struct Due(TimeProvider time)
{
    private long _at = time.GetTimestamp();

    /// <summary>Whether the moment has come.</summary>
    public readonly bool IsReached => time.GetTimestamp() >= _at;

    /// <summary>Due from now on.</summary>
    public void Now() => _at = time.GetTimestamp();

    /// <summary>Due after a wait.</summary>
    public void In(TimeSpan wait) => _at = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
}
