using System.Text;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Tests.Journal;

public class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Published_vectors_are_met(string text, ulong hash) => Assert.Equal(hash, XxHash64.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Every_length_gives_another_hash() =>
        Assert.Equal(200, Enumerable.Range(0, 200).Select(length => XxHash64.Of(new byte[length])).Distinct().Count());
}
