using System.Buffers.Binary;
using System.Text;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Tests.Support;

/// <summary>A record of a tape, copied.</summary>
internal sealed record StoredRecord(long Seq, RecordKind Kind, long Connection, UnixNanos Time, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The number that a test frame begins with.</summary>
    public int Number => BinaryPrimitives.ReadInt32LittleEndian(Payload);

    public Note? Note => Kind == RecordKind.Note ? Tape.Storage.Tapes.Notes.Note.Parse(Payload) : null;

    public static StoredRecord Of(in TapeRecord record) => new(record.Seq, record.Kind, record.Connection, record.Time, record.Payload.ToArray());

    public static List<StoredRecord> ReadAll(IFiles files, string folder)
    {
        var records = new List<StoredRecord>();
        using var reader = TapeReader.Open(files, folder);
        while (reader.TryRead(out var record)) records.Add(Of(record));
        return records;
    }
}
