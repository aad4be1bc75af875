using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Seals;
using Tape.TestKit.Tables;
using Tape.TestKit.Tapes;
using Xunit.Abstractions;

namespace Tape.Derive.Tests.Rows;

/// <summary>The same records give the same rows, wherever ranges are cut and whoever goes on from there.</summary>
public sealed class PurityTests(ITestOutputHelper output)
{
    [Fact]
    public void Rows_do_not_depend_on_where_ranges_are_cut_or_on_restarts()
    {
        for (var round = 0; round < 12; round++)
        {
            var seed = Random.Shared.Next();
            output.WriteLine($"seed {seed}");
            var tape = Support.Tape(seed, 3000);
            var whole = Derive(tape, _ => false, new Random(seed));
            Assert.True(whole.Rows.Count > 500 && whole.Undecodable > 50 && whole.Faults.Count > 50,
                $"a dull tape: {whole.Rows.Count} rows, {whole.Undecodable} undecodable; seed {seed}");
            foreach (var one in new[] { 2, 40, 900 })
            {
                var chance = new Random(seed);
                AssertSame(whole, Derive(tape, _ => chance.Next(one) == 0, new Random(seed + one)), $"cut every {one} records, seed {seed}");
            }
        }
    }

    [Fact]
    public void Deriving_again_gives_the_same_rows_in_the_same_order()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var tape = Support.Tape(seed, 2000);
        AssertSame(Derive(tape, _ => false, new Random(1)), Derive(tape, _ => false, new Random(2)), $"seed {seed}");
    }

    [Fact]
    public void An_empty_range_changes_nothing_and_has_nothing()
    {
        var deriver = new RowDeriver(DerivationState.Start, Support.Venue);
        var before = deriver.State.ToJson();
        deriver.Clear();
        Assert.Equal(before, deriver.State.ToJson());
        Assert.Empty(deriver.Statistics());
        Assert.Equal(0, deriver.Rows.Rows);
    }

    private static Derived Derive(IReadOnlyList<ScriptedRecord> tape, Func<int, bool> cutsBefore, Random chance)
    {
        var sum = new Derived();
        var deriver = new RowDeriver(DerivationState.Start, Support.Venue);
        for (var seq = 0; seq < tape.Count; seq++)
        {
            if (cutsBefore(seq)) sum.Take(ref deriver, restart: chance.Next(2) == 0);
            deriver.Take(tape[seq].At(seq));
        }

        sum.Take(ref deriver, restart: false);
        return sum;
    }

    private static void AssertSame(Derived expected, Derived found, string context)
    {
        expected.Rows.Sort(StringComparer.Ordinal);
        found.Rows.Sort(StringComparer.Ordinal);
        Assert.True(expected.Rows.SequenceEqual(found.Rows), $"rows differ: {context}");
        Assert.True(expected.Faults.SequenceEqual(found.Faults), $"undecodable frames differ: {context}");
        Assert.True(expected.Undecodable == found.Undecodable && expected.Frames == found.Frames, $"counts differ: {context}");
        Assert.True(expected.State == found.State, $"states differ: {context}");
        var (left, right) = (expected.Streams.OrderBy(stream => stream.ToString(), StringComparer.Ordinal),
            found.Streams.OrderBy(stream => stream.ToString(), StringComparer.Ordinal));
        Assert.True(left.SequenceEqual(right), $"streams differ: {context}\n{string.Join('\n', left.Except(right))}\n{string.Join('\n', right.Except(left))}");
    }

    /// <summary>What ranges add up to.</summary>
    private sealed class Derived
    {
        private readonly Dictionary<(string, string, string), StreamStatistics> _streams = [];

        public List<string> Rows { get; } = [];

        public List<UndecodableFrame> Faults { get; } = [];

        public IEnumerable<StreamStatistics> Streams => _streams.Values;

        public long Frames { get; private set; }

        public long Undecodable { get; private set; }

        public string State { get; private set; } = "";

        public void Take(ref RowDeriver deriver, bool restart)
        {
            Rows.AddRange(RowLines.Of(deriver.Rows));
            // Only the first faults of a range are named, so sums are compared up to that limit.
            if (Faults.Count < RowDeriver.FaultsNamedMax) Faults.AddRange(deriver.Faults.Take(RowDeriver.FaultsNamedMax - Faults.Count));
            (Frames, Undecodable, State) = (Frames + deriver.Frames, Undecodable + deriver.Undecodable, deriver.State.ToJson());
            foreach (var stream in deriver.Statistics())
            {
                var key = (stream.Exchange, stream.Channel, stream.Symbol);
                _streams[key] = _streams.TryGetValue(key, out var before) ? before.Plus(stream) : stream;
            }

            if (restart) deriver = new RowDeriver(DerivationState.Parse(State), Support.Venue);
            else deriver.Clear();
        }
    }
}
