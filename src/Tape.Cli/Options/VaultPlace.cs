using Tape.Host.Configuration;

namespace Tape.Cli.Options;

/// <summary>
/// Where a command without <c>--vault</c> finds the vault: in <c>TAPE_VAULT</c>, else in <c>tape.yaml</c> here, else in the folder <c>vault</c>.
/// </summary>
/// <param name="Folder">The folder; relative to the present one, or absolute.</param>
/// <param name="Source">What named it; null when nothing did.</param>
/// <param name="Fault">Why <c>tape.yaml</c> can't be read; null when it can, or is not asked.</param>
internal sealed record VaultPlace(string Folder, string? Source, TapeException? Fault)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "TAPE_VAULT";

    private const string File = "tape.yaml";

    /// <param name="variable">The value of <see cref="Variable"/>; null or empty when it is not set.</param>
    /// <param name="here">The present folder.</param>
    public static VaultPlace Find(string? variable, string here)
    {
        if (!string.IsNullOrWhiteSpace(variable)) return new(variable, Variable, null);
        var path = Path.Combine(here, File);
        if (!System.IO.File.Exists(path)) return new("vault", null, null);
        try
        {
            return new(ConfigReader.ReadFile(path).Recorder.Vault, File, null);
        }
        catch (TapeException fault)
        {
            return new("vault", File, fault);
        }
    }
}
