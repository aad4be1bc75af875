using System.Runtime.Versioning;
using System.Security.Cryptography;
using Tape.Storage.Files;

namespace Tape.Api.Security;

/// <summary>
/// The secret that a client shows: 32 random bytes as hex digits in <c>api/token</c> of the vault, made at the first start, readable by its owner only (on
/// Windows by whoever may read the vault's folder). Deleting the file and starting again makes another one.
/// </summary>
public sealed class ApiToken
{
    private const int Bytes = 32;
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest;

    private ApiToken(string text) => _digest = SHA256.HashData(Encoding.ASCII.GetBytes(text));

    /// <summary>The folder of what a server keeps in a vault.</summary>
    public static string Folder(string vault) => Path.Combine(vault, "api");

    /// <summary>The file of the token.</summary>
    public static string PathOf(string vault) => Path.Combine(Folder(vault), "token");

    /// <summary>Reads the token, or makes one.</summary>
    /// <exception cref="TapeException">The file holds something else, or others may read it.</exception>
    public static ApiToken OpenOrMake(IFiles files, string vault)
    {
        DurableFolder.Create(files, Folder(vault), isPrivate: true);
        if (!files.FileExists(PathOf(vault))) Make(PathOf(vault));
        return new ApiToken(ReadText(vault));
    }

    /// <summary>The token's text, for a client on this machine.</summary>
    /// <exception cref="TapeException">There is none, it is not one, or others may read it.</exception>
    public static string ReadText(string vault)
    {
        var path = PathOf(vault);
        if (!File.Exists(path))
            throw new TapeException($"{path} is not there, expected the token of the vault's server.", "Start the server once with 'tape serve' or 'tape up'.");
        if (!OperatingSystem.IsWindows()) RequirePrivate(path);
        var text = File.ReadAllText(path).Trim();
        return text.Length == Bytes * 2 && text.All(char.IsAsciiHexDigitLower) ? text
            : throw new TapeException($"{path}: found {text.Length} characters, expected {Bytes * 2} hex digits.",
                "Delete the file and start the server again: it makes a new token.");
    }

    /// <summary>Whether an Authorization header shows the token. Takes the same time for every wrong one.</summary>
    public bool IsShownBy(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), _digest);

    private static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)) + "\n"));
        file.Flush(flushToDisk: true);
    }

    [UnsupportedOSPlatform("windows")]
    private static void RequirePrivate(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != 0)
            throw new TapeException($"{path}: found that others than its owner may read or write it, expected mode 0600.",
                "Delete the file and start the server again: it makes a new token. A token that others may have read is no secret.");
    }
}
