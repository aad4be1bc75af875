using Tape.Api.Security;
using Tape.Core.Errors;
using Tape.Storage.Files;
using Tape.TestKit.Files;

namespace Tape.Api.Tests;

public sealed class TokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Vault => _folder["vault"];

    [Fact]
    public void The_first_start_makes_a_token_that_only_its_owner_reads_and_later_ones_keep_it()
    {
        var made = ApiToken.OpenOrMake(DiskFiles.Instance, Vault);
        var text = ApiToken.ReadText(Vault);
        Assert.Matches("^[0-9a-f]{64}$", text);
        Assert.True(made.IsShownBy($"Bearer {text}"));
        Assert.True(ApiToken.OpenOrMake(DiskFiles.Instance, Vault).IsShownBy($"bearer {text}"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ApiToken.PathOf(Vault)));
        File.Delete(ApiToken.PathOf(Vault));
        Assert.False(ApiToken.OpenOrMake(DiskFiles.Instance, Vault).IsShownBy($"Bearer {text}"));
    }

    [Fact]
    public void A_token_that_others_may_have_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        ApiToken.OpenOrMake(DiskFiles.Instance, Vault);
        File.SetUnixFileMode(ApiToken.PathOf(Vault), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("0600", Assert.Throws<TapeException>(() => ApiToken.OpenOrMake(DiskFiles.Instance, Vault)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void A_file_that_holds_no_token_is_refused(string content)
    {
        ApiToken.OpenOrMake(DiskFiles.Instance, Vault);
        File.WriteAllText(ApiToken.PathOf(Vault), content);
        Assert.Contains("expected 64 hex digits", Assert.Throws<TapeException>(() => ApiToken.ReadText(Vault)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
