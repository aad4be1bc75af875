using System.Text;
using Tape.Core.Values;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Tests.Journal;

public class StoredItemTests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void A_frame_is_named_by_its_XXH64_with_seed_0(string text, ulong hash) =>
        Assert.Equal(hash, StoredItem.Frame(Encoding.ASCII.GetBytes(text), default(UnixNanos)).Hash);
}
