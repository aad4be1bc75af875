using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;

namespace Tape.Storage.Gaps;

/// <summary>
/// The state behind the ledger, <c>quality/gaps.state</c>: one checked line that is replaced as a whole, so that going on costs no reading of the tape.
/// </summary>
/// <param name="Tape">The tape, 16 hexadecimal digits.</param>
/// <param name="NextSeq">The record behind what the ledger covers.</param>
/// <param name="State">The tracker's state there, as JSON.</param>
public sealed record GapStateFile(string Tape, long NextSeq, string State)
{
    private static readonly LineFormat Format = new(GapLedgerContent.Hint, "state");

    /// <summary>Its path.</summary>
    public static string PathOf(string vault) => Path.Combine(GapLedgerContent.Folder(vault), "gaps.state");

    /// <summary>Reads it; null when it is not there or not whole: it is derived, and made again from the tape.</summary>
    /// <exception cref="UnknownVersionException">A newer program wrote it.</exception>
    /// <exception cref="DamagedException">It is whole, and says what no state can say.</exception>
    public static GapStateFile? Read(IFiles files, string vault)
    {
        var path = PathOf(vault);
        if (CheckedLog.ReadBytes(files, path) is not [.. var line, (byte)'\n'] || !CheckedLine.TryRead(line, out var json)) return null;
        try
        {
            Format.RequireKnown(path, 0, json);
            var saved = JsonSerializer.Deserialize(new LineChain().Take(json), GapStateJson.Default.SavedGapState);
            return saved is { Tape: not null, NextSeq: >= 0, State.ValueKind: JsonValueKind.Object }
                ? new GapStateFile(saved.Tape, saved.NextSeq, saved.State.GetRawText()) : throw new FormatException("a state without tape, next_seq or state");
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"{path}: found {fault.Message}", GapLedgerContent.Hint, fault);
        }
    }

    /// <summary>Puts it in the place of the one before; durable when this returns.</summary>
    internal void Write(IFiles files, string vault)
    {
        using var state = JsonDocument.Parse(State);
        CheckedLog.Replace(files, PathOf(vault),
            [JsonSerializer.SerializeToUtf8Bytes(new SavedGapState("state", Tape, NextSeq, state.RootElement), GapStateJson.Default.SavedGapState)]);
    }
}

/// <summary>The form on the disk.</summary>
internal sealed record SavedGapState(string Entry, string Tape, long NextSeq, JsonElement State);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SavedGapState))]
internal sealed partial class GapStateJson : JsonSerializerContext;
