using Tape.Core.Errors;
using Tape.Storage.Vaults;
using Tape.TestKit.Files;
using Tape.TestKit.Time;

namespace Tape.Storage.Tests.Vaults;

public sealed class VaultMarkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Vault => _folder["vault"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_or_an_empty_folder_becomes_a_vault_that_keeps_its_id()
    {
        Ensure(1);
        var marker = VaultMarker.Read(TestDisk.Files, Vault);
        Assert.NotNull(marker);
        Assert.Equal(new FakeTime().GetUtcNow(), marker.Created);
        Ensure(2);
        Assert.False(VaultMarker.Adopt(TestDisk.Files, Vault, new FakeTime(), new Random(3)));
        Assert.Equal(marker, VaultMarker.Read(TestDisk.Files, Vault));
        VaultMarker.Require(TestDisk.Files, Vault);
    }

    [Fact]
    public void A_vault_of_an_earlier_program_is_one_and_is_marked_by_the_next_recorder()
    {
        Directory.CreateDirectory(Path.Combine(Vault, "tape"));
        Directory.CreateDirectory(Path.Combine(Vault, "logs"));
        VaultMarker.Require(TestDisk.Files, Vault);
        Assert.Null(VaultMarker.Read(TestDisk.Files, Vault));
        Ensure(1);
        Assert.NotNull(VaultMarker.Read(TestDisk.Files, Vault));
    }

    [Fact]
    public void A_folder_with_something_else_is_refused_and_nothing_is_made_there_until_it_is_adopted()
    {
        Directory.CreateDirectory(Path.Combine(Vault, "data"));
        File.WriteAllText(Path.Combine(Vault, "bot.py"), "");
        Assert.Contains("found 'bot.py', 'data', expected vault.json", Assert.Throws<TapeException>(() => Ensure(1)).Message, StringComparison.Ordinal);
        Assert.Throws<TapeException>(() => VaultMarker.Require(TestDisk.Files, Vault));
        Assert.Equal(["bot.py", "data"], VaultMarker.Names(TestDisk.Files, Vault));
        Assert.True(VaultMarker.Adopt(TestDisk.Files, Vault, new FakeTime(), new Random(1)));
        VaultMarker.Require(TestDisk.Files, Vault);
        Ensure(2);
    }

    [Fact]
    public void Nothing_is_no_vault_and_asking_makes_none()
    {
        Assert.Contains("no folder, or an empty one", Assert.Throws<TapeException>(() => VaultMarker.Require(TestDisk.Files, Vault)).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Vault));
    }

    [Theory]
    [InlineData("{\"format\":2,\"id\":\"00112233445566778899aabbccddeeff\",\"created\":\"2026-12-01T00:00:00Z\"}", "format 2, expected format 1")]
    [InlineData("{\"format\":1,\"id\":\"xyz\",\"created\":\"2026-12-01T00:00:00Z\"}", "expected a vault's marker")]
    [InlineData("{\"format\":1", "expected a vault's marker")]
    [InlineData("", "expected a vault's marker")]
    [InlineData("null", "expected a vault's marker")]
    public void A_marker_that_is_none_or_a_newer_one_is_said(string text, string expected)
    {
        Directory.CreateDirectory(Vault);
        File.WriteAllText(Path.Combine(Vault, VaultMarker.FileName), text);
        Assert.Contains(expected, Assert.ThrowsAny<TapeException>(() => VaultMarker.Require(TestDisk.Files, Vault)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<TapeException>(() => Ensure(1));
        Assert.Equal(text, File.ReadAllText(Path.Combine(Vault, VaultMarker.FileName)));
    }

    private void Ensure(int seed) => VaultMarker.Ensure(TestDisk.Files, Vault, new FakeTime(), new Random(seed));
}
