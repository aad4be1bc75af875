using Tape.Candles.Closing;
using Tape.Candles.Pipeline;
using Tape.Venues;
using Xunit.Abstractions;

namespace Tape.Candles.Tests.Closing;

/// <summary>Derivation is pure: it does not matter how records are cut into ranges, or where it was stopped and begun again.</summary>
public sealed class SplitTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_split_of_the_records_gives_the_same_candles_and_the_same_state()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        for (var round = 0; round < 12; round++)
        {
            var random = new Random(seed + round);
            var tape = Market(random);
            var (whole, state) = Run(tape, _ => false);
            Assert.Contains(whole, line => line.StartsWith("BTCUSDT 1m", StringComparison.Ordinal));
            var (split, splitState) = Run(tape, _ => random.Next(40) == 0);
            Assert.Equal(string.Join('\n', whole), string.Join('\n', split));
            Assert.Equal(state.Candles, splitState.Candles);
        }
    }

    private static (List<string> Told, CandleFollowerState State) Run(CandleTape tape, Func<int, bool> cuts)
    {
        var follower = new CandleFollower(VenueCatalog.Find, CandleTape.Units);
        var told = new List<string>();
        for (var seq = 0; seq < tape.Records.Count; seq++)
        {
            follower.Take(tape.Records[seq].At(seq));
            if (!cuts(seq)) continue;
            Tell(follower, told);
            follower = new CandleFollower(VenueCatalog.Find, CandleTape.Units, follower.SaveState());
        }

        Tell(follower, told);
        return (told, follower.SaveState());
    }

    private static void Tell(CandleFollower follower, List<string> told)
    {
        var batch = follower.TakeBatch();
        told.AddRange(batch.Closed.Select(closed => $"{CandleTape.Text(closed)} {closed.FromSeq} {closed.ToSeq} {closed.AtSeq} {closed.Candle.IngestTimeMs}"));
        told.AddRange(batch.Empty.Select(empty => $"empty {empty}"));
        told.AddRange(batch.Withdrawn.Select(withdrawn => $"withdrawn {withdrawn}"));
        told.AddRange(batch.Findings.Select(finding => $"{CandleTape.Text(finding)} {finding.AtSeq}"));
        told.Sort(StringComparer.Ordinal);
    }

    /// <summary>Six minutes with lost connections, lost ids, copies and candles.</summary>
    private static CandleTape Market(Random random)
    {
        var tape = new CandleTape().Connect(1, "binance", "btcusdt@aggTrade", "ethusdt@aggTrade").Trade(1, 1, 1).Trade(1, 1, 1, symbol: "ETHUSDT")
            .Connect(2, "binance", "btcusdt@kline_1m").Connect(3, "bybit", "publicTrade.BTCUSDT").BybitTrade(3, 1, 1, "first");
        var (connection, next, last) = (1L, 4L, 100L);
        for (var second = -29.5; second < 400; second += 0.1 + (random.NextDouble() * 2))
        {
            tape.To(second);
            var chance = random.Next(100);
            if (chance < 40) tape.Trade(connection, random.Next(90, 110), random.Next(1, 9) / 8.0, id: ++last);
            else if (chance < 60) tape.Trade(connection, random.Next(90, 110), 1, symbol: "ETHUSDT");
            else if (chance < 65) tape.Trade(connection, 100, 1, id: last);
            else if (chance < 66) tape.Trade(connection, 100, 1, id: last += 3);
            else if (chance < 90) tape.BybitTrade(3, random.Next(90, 110), 1, $"id-{random.Next(1000)}");
            else if (chance < 96) tape.Kline(2, Math.Max(0, (int)(second / 60) - random.Next(2)), random.Next(90, 110), random.Next(2) == 0);
            else if (chance < 98 && second > 0) tape.To(second + random.Next(30));
            else if (second > 60)
            {
                tape.Disconnect(connection).To(second + 1).Connect(next, "binance", "btcusdt@aggTrade", "ethusdt@aggTrade");
                connection = next++;
            }
        }

        return tape;
    }
}
