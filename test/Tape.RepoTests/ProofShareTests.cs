using Tape.TestKit.Proofs;

namespace Tape.RepoTests;

/// <summary>What TAPE_PROOFS shares out is all there, over all its parts.</summary>
public sealed class ProofShareTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Over_all_parts_every_case_runs_once(int parts)
    {
        var cases = Enumerable.Range(12, 40).ToList();
        var shares = Enumerable.Range(1, parts).Select(part => ProofShare.Parse($"{part}/{parts}")).ToList();
        Assert.Equal(cases, shares.SelectMany(share => share.Of(cases)).Order());
        Assert.Equal(cases, shares.SelectMany(share => share.Numbers(from: 12).TakeWhile(number => number < 52)).Order());
    }

    [Theory]
    [InlineData(null, "1/3")]
    [InlineData("", "1/3")]
    [InlineData("full", "full")]
    [InlineData("1/1", "full")]
    [InlineData("2/3", "2/3")]
    public void Without_a_word_it_is_the_first_part(string? text, string expected) => Assert.Equal(expected, ProofShare.Parse(text).ToString());

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("all")]
    [InlineData("1/2/3")]
    [InlineData("-1/3")]
    public void What_names_no_part_is_refused(string text) => Assert.Throws<FormatException>(() => ProofShare.Parse(text));
}
