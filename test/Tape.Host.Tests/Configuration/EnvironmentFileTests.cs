using Tape.Core.Errors;
using Tape.Host.Configuration;
using Tape.TestKit.Files;

namespace Tape.Host.Tests.Configuration;

public sealed class EnvironmentFileTests
{
    [Fact]
    public void Lines_are_names_and_values_bare_or_in_quotes()
    {
        const string Text = "# keys\n\nA=1\nexport B = two words # why\nC='it # stays'\r\nD=\"x=y\" # end\nE=\n";
        Assert.Equal([("A", "1"), ("B", "two words"), ("C", "it # stays"), ("D", "x=y"), ("E", "")], EnvironmentFile.Read(".env", Text));
    }

    [Theory]
    [InlineData("A=1\nsecret\n", 2)]
    [InlineData("1A=secret", 1)]
    [InlineData("A B=secret", 1)]
    [InlineData("A=\"secret", 1)]
    [InlineData("A='secret' more", 1)]
    public void A_line_that_is_none_is_named_without_its_value(string text, int line)
    {
        var fault = Assert.Throws<UsageException>(() => EnvironmentFile.Read("x/.env", text).Count());
        Assert.StartsWith($"x/.env, line {line}:", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_environment_has_goes_before_the_file_beside_the_configuration()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = ($"TAPE_TEST_{Guid.NewGuid():N}", $"TAPE_TEST_{Guid.NewGuid():N}");
        Environment.SetEnvironmentVariable(one, "set");
        File.WriteAllText(folder[".env"], $"{one}=file\n{two}=file\n");
        File.WriteAllText(folder["tape.yaml"], "venues:\n  binance:\n    symbols: [BTCUSDT]\n");
        ConfigReader.ReadFile(folder["tape.yaml"]);
        Assert.Equal(("set", "file"), (Environment.GetEnvironmentVariable(one), Environment.GetEnvironmentVariable(two)));
    }
}
