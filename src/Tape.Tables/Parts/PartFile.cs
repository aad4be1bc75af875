using Tape.Storage.Schema;

namespace Tape.Tables.Parts;

/// <summary>What a written part holds.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Hash">Hash of its rows.</param>
public sealed record PartFile(long Rows, long Bytes, RowHash Hash);
