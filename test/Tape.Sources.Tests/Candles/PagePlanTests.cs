using Tape.Sources.Candles;

namespace Tape.Sources.Tests.Candles;

public sealed class PagePlanTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Missing_minutes_are_asked_for_in_few_whole_pages_oldest_first()
    {
        Assert.Equal([(0L, 3 * Minute), (10 * Minute, 14 * Minute), (14 * Minute, 15 * Minute)],
            PagePlan.Of(Minutes(0, 1, 2, 10, 11, 13, 14), 4, 0, 100 * Minute));
        Assert.Equal([(4 * Minute, 7 * Minute)], PagePlan.Of(Minutes(5), 4, 1, 100 * Minute));
    }

    [Fact]
    public void A_minute_that_is_not_over_is_not_asked_for()
    {
        Assert.Equal([(4 * Minute, 6 * Minute)], PagePlan.Of(Minutes(5, 6, 7), 10, 1, 6 * Minute + 30_000));
        Assert.Empty(PagePlan.Of(Minutes(6), 10, 1, 6 * Minute + 59_999));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_missing_minute_is_in_one_page_and_no_page_is_longer_than_the_venues(int seed)
    {
        var chance = new Random(seed);
        for (var trial = 0; trial < 500; trial++)
        {
            var (rows, beside) = (chance.Next(3, 40), chance.Next(2));
            var missing = Enumerable.Range(1, 300).Where(_ => chance.Next(3) == 0).Select(minute => minute * Minute).ToList();
            var now = chance.Next(310) * Minute;
            var pages = PagePlan.Of(missing, rows, beside, now).ToList();
            Assert.All(pages, page => Assert.InRange((page.ToMs - page.FromMs) / Minute, 1, rows));
            Assert.All(pages, page => Assert.InRange(page.ToMs, 0, now));
            foreach (var minute in missing)
                Assert.True(pages.Any(page => page.FromMs <= minute && minute < page.ToMs) == minute < now, $"seed {seed}, trial {trial}, minute {minute}");
        }
    }

    private static IEnumerable<long> Minutes(params int[] numbers) => numbers.Select(number => number * Minute);
}
