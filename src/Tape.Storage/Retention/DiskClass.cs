namespace Tape.Storage.Retention;

/// <summary>What one kind of data takes on the disk.</summary>
/// <param name="Name">Such as <c>tape compressed</c> or <c>raw trades</c>.</param>
/// <param name="Bytes">Lengths of its files.</param>
/// <param name="Files">How many they are.</param>
/// <param name="BytesPerDay">By how much it grows in a day, from what is there; null where nothing tells.</param>
public sealed record DiskClass(string Name, long Bytes, int Files, double? BytesPerDay);

/// <summary>What a vault takes, and how long the disk lasts.</summary>
/// <param name="Classes">All kinds of data that are there.</param>
/// <param name="FreeBytes">What may still be written on the volume.</param>
/// <param name="ObservedDays">Length of the time that growth is taken from; null when too little is there.</param>
/// <param name="FullIn">Time until the disk is full at this growth; null when it does not grow, nothing is known, or it lies further off than
/// <see cref="FarOff"/>.</param>
public sealed record DiskUse(IReadOnlyList<DiskClass> Classes, long FreeBytes, double? ObservedDays, TimeSpan? FullIn)
{
    /// <summary>Beyond a hundred years no day is named.</summary>
    public static TimeSpan FarOff { get; } = TimeSpan.FromDays(36_525);

    public long Bytes => Classes.SaturatingSum(kind => kind.Bytes);

    public double? BytesPerDay => ObservedDays is null ? null : Classes.Sum(kind => kind.BytesPerDay ?? 0);
}
