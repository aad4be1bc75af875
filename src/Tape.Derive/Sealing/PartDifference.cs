namespace Tape.Derive.Sealing;

/// <summary>A part of a range whose rows are not those that the tape derives to.</summary>
/// <param name="Table">Table name.</param>
/// <param name="Venue">Venue name.</param>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="StoredRows">Rows that the seal log says; 0 when it has no such part.</param>
/// <param name="DerivedRows">Rows derived now; 0 for none. Equal to <paramref name="StoredRows"/> when only values differ.</param>
public sealed record PartDifference(string Table, string Venue, DateOnly Day, long StoredRows, long DerivedRows);
