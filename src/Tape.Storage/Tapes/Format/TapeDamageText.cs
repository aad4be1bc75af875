namespace Tape.Storage.Tapes.Format;

/// <summary>The one form in which damage to a tape is told.</summary>
internal static class TapeDamageText
{
    public const string Hint = "Run 'tape log verify' for the whole picture; restore the segment from a backup if there is one. Nothing was changed.";

    public static DamagedException Exception(string path, long offset, string found) =>
        new($"{Path.GetFileName(path)}: at byte {offset}: found {found}", Hint);
}
