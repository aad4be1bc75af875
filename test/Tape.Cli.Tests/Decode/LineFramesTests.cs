using System.Text;
using Tape.Cli.Decode;

namespace Tape.Cli.Tests.Decode;

public sealed class LineFramesTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("\n", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\n\nbc\r\n d", new[] { "a", "", "bc\r", " d" })]
    public void Lines_end_with_a_line_feed_and_the_last_one_may_lack_it(string input, string[] expected)
        => Assert.Equal(expected, Lines(new MemoryStream(Encoding.UTF8.GetBytes(input))));

    [Fact]
    public void Lines_longer_than_any_buffer_come_whole()
    {
        var lines = new[] { new string('x', 3_000_000), "y", new string('z', 262_144), "" };
        Assert.Equal(lines, Lines(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"))));
    }

    [Fact]
    public void However_the_bytes_arrive_the_lines_are_the_same()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 200).Select(_ => new string('x', random.Next(0, 3000))).ToArray();
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        Assert.True(lines.SequenceEqual(Lines(new TrickleStream(bytes, random))), $"seed {seed}");
    }

    [Fact]
    public void A_line_that_is_too_long_is_read_past_and_reported()
    {
        var frames = new LineFrames(new MemoryStream(
            Encoding.UTF8.GetBytes($"ab\n{new string('x', 2_000_000)}\n{new string('y', 101)}\ncd\n{new string('z', 900_000)}")), lineBytesMax: 100);
        var found = new List<string>();
        while (frames.TryRead(out var line)) found.Add(frames.IsTooLong ? "too long" : Encoding.UTF8.GetString(line));
        Assert.Equal(["ab", "too long", "too long", "cd", "too long"], found);
    }

    private static List<string> Lines(Stream input)
    {
        var frames = new LineFrames(input);
        var lines = new List<string>();
        while (frames.TryRead(out var line)) lines.Add(Encoding.UTF8.GetString(line));
        return lines;
    }

    /// <summary>Gives as few or as many bytes at a time as chance wants.</summary>
    private sealed class TrickleStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 5000)));
    }
}
