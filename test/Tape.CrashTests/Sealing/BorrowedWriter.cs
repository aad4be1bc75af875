using Tape.Storage.Schema;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.CrashTests.Sealing;

/// <summary>A sealer owns its writer and disposes it; the one behind this stays the test's.</summary>
internal sealed class BorrowedWriter(IPartWriter writer) : IPartWriter
{
    public PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path) => writer.Write(buffer, part, origin, path);
}
