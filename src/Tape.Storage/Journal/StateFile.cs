using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tape.Storage.Journal;

/// <summary>
/// What a follower of a tape knows at a place of it: one checked line that is replaced as a whole, so that going on costs no reading of what lies before.
/// </summary>
/// <param name="Tape">The tape, 16 hexadecimal digits.</param>
/// <param name="NextSeq">The record behind what was followed.</param>
/// <param name="State">What is known there, as a JSON object.</param>
public sealed record StateFile(string Tape, long NextSeq, string State)
{
    /// <summary>Reads it; null when it is not there or not whole: it is derived, and made again from the tape.</summary>
    /// <param name="hint">What to do about one that is damaged.</param>
    /// <exception cref="UnknownVersionException">A newer program wrote it.</exception>
    /// <exception cref="DamagedException">It is whole, and says what no state can say.</exception>
    public static StateFile? Read(IFiles files, string path, string hint)
    {
        if (CheckedLog.ReadBytes(files, path) is not [.. var line, (byte)'\n'] || !CheckedLine.TryRead(line, out var json)) return null;
        try
        {
            new LineFormat(hint, "state").RequireKnown(path, 0, json);
            var saved = JsonSerializer.Deserialize(new LineChain().Take(json), StateFileJson.Default.SavedState);
            return saved is { Tape: not null, NextSeq: >= 0, State.ValueKind: JsonValueKind.Object }
                ? new StateFile(saved.Tape, saved.NextSeq, saved.State.GetRawText()) : throw new FormatException("a state without tape, next_seq or state");
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"{path}: found {fault.Message}", hint, fault);
        }
    }

    /// <summary>Puts it in the place of the one before; durable when this returns. Its folder is there.</summary>
    public void Write(IFiles files, string path)
    {
        using var state = JsonDocument.Parse(State);
        CheckedLog.Replace(files, path,
            [JsonSerializer.SerializeToUtf8Bytes(new SavedState("state", Tape, NextSeq, state.RootElement), StateFileJson.Default.SavedState)]);
    }
}

/// <summary>The form on the disk.</summary>
internal sealed record SavedState(string Entry, string Tape, long NextSeq, JsonElement State);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedState))]
internal sealed partial class StateFileJson : JsonSerializerContext;
