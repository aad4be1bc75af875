using Tape.Core.Errors;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Tests.DuckDb;

public sealed class DuckDbSourceTests
{
    private const int Rows = 5000;

    [Fact]
    public void A_statement_reads_all_rows_of_a_source_from_the_first_one_each_time()
    {
        var source = new Numbers();
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        using var function = DuckDbSourceFunction.Register(connection, "numbers", source);
        for (var time = 0; time < 2; time++)
        {
            using var result = connection.Query("SELECT count(*)::BIGINT, sum(number)::BIGINT, max(text) FROM numbers()");
            Assert.True(result.Next(out var chunk));
            Assert.Equal((Rows, Rows * (Rows - 1L) / 2), (chunk.Values<long>(0)[0], chunk.Values<long>(1)[0]));
            Assert.Equal("a text that is not held in place", chunk.Text(2, 0));
        }
    }

    [Fact]
    public void What_a_source_throws_fails_the_statement_and_comes_out_again()
    {
        var source = new Numbers { FailsAt = 3000 };
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        using var function = DuckDbSourceFunction.Register(connection, "numbers", source);
        var refused = Assert.ThrowsAny<TapeException>(() => connection.Execute("CREATE TABLE t AS FROM numbers()"));
        Assert.Contains("is no row 3000", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(function.ThrowFault);
        function.ThrowFault();
        source.FailsAt = int.MaxValue;
        connection.Execute("CREATE TABLE t AS FROM numbers()");
    }

    private sealed class Numbers : IDuckDbSource
    {
        private int _next;

        public int FailsAt { get; set; } = int.MaxValue;

        public IReadOnlyList<DuckDbColumn> Columns { get; } = [new("number", DuckDbType.BigInt), new("text", DuckDbType.Varchar)];

        public void Begin() => _next = 0;

        public int Fill(DuckDbVectors chunk)
        {
            var numbers = chunk.Values<long>(0);
            var texts = chunk.Texts(1);
            var count = Math.Min(Rows - _next, DuckDbVectors.RowsMax);
            for (var row = 0; row < count; row++)
            {
                if (_next == FailsAt) throw new InvalidOperationException($"there is no row {_next}");
                numbers[row] = _next++;
                if (row % 2 == 0) texts.Set(row, "a text that is not held in place"u8);
                else texts.Repeat(row, row - 1);
            }

            return count;
        }
    }
}
