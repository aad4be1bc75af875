using System.Text.Json;

namespace Tape.Storage.Seals;

/// <summary>Reading the front of a log that was shortened: it names the files of all folded days, and every query reads it.</summary>
internal sealed partial class SealReader
{
    private static bool IsRetained(ReadOnlySpan<byte> json) => json.StartsWith("{\"entry\":\"kept\","u8);

    private static bool IsCheckpoint(ReadOnlySpan<byte> json) => json.StartsWith("{\"entry\":\"front\","u8);

    private CheckpointEntry ReadCheckpoint(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var (id, tape, toSeqExcl, kept, seals, undecodable) = (0L, "", 0L, 0L, 0L, 0L);
        var (archives, files, streams) = (new List<SealArchive>(), new List<SealedFile>(), new List<StreamStatistics>());
        JsonElement? state = null;
        Begin(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "id"u8)) id = Integer(ref reader);
            else if (Is(ref reader, "tape"u8)) tape = Shared(ref reader);
            else if (Is(ref reader, "to_seq_excl"u8)) toSeqExcl = Integer(ref reader);
            else if (Is(ref reader, "kept"u8)) kept = Integer(ref reader);
            else if (Is(ref reader, "seals"u8)) seals = Integer(ref reader);
            else if (Is(ref reader, "undecodable"u8)) undecodable = Integer(ref reader);
            else if (Is(ref reader, "archives"u8)) ReadList(ref reader, archives, Archive);
            else if (Is(ref reader, "files"u8)) ReadList(ref reader, files, File);
            else if (Is(ref reader, "streams"u8)) ReadList(ref reader, streams, Stream);
            else if (Is(ref reader, "state"u8)) state = Element(ref reader);
            else Pass(ref reader);
        }

        return new(id, tape, toSeqExcl, checked((int)kept), archives, files, streams, state) { Seals = checked((int)seals), Undecodable = undecodable };
    }

    private SealArchive Archive(ref Utf8JsonReader reader)
    {
        var (path, from, to, seals, bytes) = ("", 0L, 0L, 0L, 0L);
        long? min = null, max = null;
        InObject(ref reader);
        while (NextProperty(ref reader))
        {
            if (Is(ref reader, "path"u8)) path = Text(ref reader);
            else if (Is(ref reader, "from_seq"u8)) from = Integer(ref reader);
            else if (Is(ref reader, "to_seq_excl"u8)) to = Integer(ref reader);
            else if (Is(ref reader, "seals"u8)) seals = Integer(ref reader);
            else if (Is(ref reader, "bytes"u8)) bytes = Integer(ref reader);
            else if (Is(ref reader, "received_min"u8)) min = Integer(ref reader);
            else if (Is(ref reader, "received_max"u8)) max = Integer(ref reader);
            else Pass(ref reader);
        }

        return new(path, from, to, checked((int)seals), bytes, min, max);
    }
}
