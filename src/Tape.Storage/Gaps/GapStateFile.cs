using Tape.Storage.Journal;

namespace Tape.Storage.Gaps;

/// <summary>The state behind the ledger, <c>quality/gaps.state</c>: a <see cref="StateFile"/>.</summary>
/// <inheritdoc cref="StateFile" path="/param"/>
public sealed record GapStateFile(string Tape, long NextSeq, string State)
{
    /// <summary>Its path.</summary>
    public static string PathOf(string vault) => Path.Combine(GapLedgerContent.Folder(vault), "gaps.state");

    /// <summary>Reads it; null when it is not there or not whole: it is derived, and made again from the tape.</summary>
    /// <exception cref="UnknownVersionException">A newer program wrote it.</exception>
    /// <exception cref="DamagedException">It is whole, and says what no state can say.</exception>
    public static GapStateFile? Read(IFiles files, string vault) =>
        StateFile.Read(files, PathOf(vault), GapLedgerContent.Hint) is { } saved ? new(saved.Tape, saved.NextSeq, saved.State) : null;

    /// <summary>Puts it in the place of the one before; durable when this returns.</summary>
    internal void Write(IFiles files, string vault) => new StateFile(Tape, NextSeq, State).Write(files, PathOf(vault));
}
