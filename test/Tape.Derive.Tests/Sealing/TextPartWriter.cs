using System.Text;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Storage.Schema;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.TestKit.Files;

namespace Tape.Derive.Tests.Sealing;

/// <summary>Writes parts as lines of text (record and index of each row): for tests that are about when and where, not about Parquet.</summary>
internal sealed class TextPartWriter : IPartWriter
{
    /// <summary>Stands at the head of each file; another one gives other bytes for the same rows.</summary>
    public string Head { get; set; } = "";

    /// <summary>Files that can be written before the disk is full.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    public PartFile Write(RowBuffer buffer, PartRows part, in PartOrigin origin, string path)
    {
        if (WritesLeft-- == 0) throw new DiskFullException(path);
        var lines = part.Rows.Select(row => $"{buffer.Integer(6, row)} {buffer.Integer(7, row)}");
        var bytes = Encoding.UTF8.GetBytes(Head + string.Join('\n', lines));
        using (var file = TestDisk.Files.Open(path, FileUse.Replace)) file.Write(0, bytes);
        var hash = new RowHash((ulong)part.Rows.Sum(row => buffer.Integer(6, row)!.Value), (ulong)part.Rows.Length);
        return new PartFile(part.Rows.Length, bytes.Length, hash);
    }
}
