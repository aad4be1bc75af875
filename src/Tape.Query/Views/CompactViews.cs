using Tape.Query.Snapshots;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Query.Views;

/// <summary>
/// The views <c>trades_compact</c> and its like: rows of finished days from their files for research, sorted by symbol and time, without what an overlapping
/// connection brought twice. Days that are not finished are not in them. They are there only for a question that names them, since their list is long.
/// </summary>
internal static class CompactViews
{
    private const string Suffix = "_compact";

    /// <summary>Whether a query may look at these views.</summary>
    public static bool AreNamedIn(string sql) => sql.Contains(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes one for each table.</summary>
    /// <param name="finished">Files of finished days.</param>
    /// <exception cref="DamagedException">A file can't be read.</exception>
    public static void Create(DuckDbConnection connection, string vault, IReadOnlyList<SealedFile> finished, QueryRange range)
    {
        foreach (var table in RawSchema.Tables)
        {
            SealedFile[] files = [.. finished.Where(file => file.Table == table.Name && range.Touches(file))];
            var rows = files.Length == 0 ? $"SELECT * FROM {table.Name} WHERE false" : PartSelect.Of(vault, table, files, range.SqlCondition());
            try
            {
                connection.Execute($"CREATE VIEW {table.Name}{Suffix} AS {rows}");
            }
            catch (DuckDbException fault)
            {
                throw new DamagedException($"files of finished days of {table} can't be read: {fault.Message}",
                    "Run 'tape sanity'; it names the files that are missing or damaged.", fault);
            }
        }
    }
}
