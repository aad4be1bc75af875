using Tape.Tables.DuckDb;

namespace Tape.Tables.Parts;

/// <summary>
/// How our Parquet files are written: version 2 encodings, zstd, row groups of 131,072 rows. Prices and quantities get a dictionary, times and ids deltas.
/// </summary>
internal static class ParquetCopy
{
    /// <summary>Rows of a row group.</summary>
    public const int GroupRows = 131_072;

    /// <summary>
    /// A column of a row group gets a dictionary while it has at most one distinct value in so many rows. Measured on 1.3 M trade-like rows: 2 to 10 give 8.8
    /// bytes a row, 20 gives 13.0, and 1 (everything in dictionaries) 52.8; on a part of 20,000 rows 2 gives 10.1 and 4 already 13.9.
    /// </summary>
    private const int RowsPerDictionaryEntry = 2;

    /// <summary>
    /// Entries of a dictionary at most: times and ids are tried, too, until theirs is full. Measured on 3 M synthetic trades and quotes: 32,768 gives files as
    /// small as 65,536 in a sixth less of the writing time; 16,384 costs quantities their dictionary, and a quarter more bytes.
    /// </summary>
    public const int DictionaryEntriesMax = 32_768;

    /// <summary>The statement that writes a SELECT into a file, replacing one that is there.</summary>
    /// <param name="rows">About how many rows come; it decides on dictionaries.</param>
    /// <param name="entriesMax">Entries of a dictionary at most.</param>
    /// <param name="level">Of zstd.</param>
    /// <param name="metadata">Keys and values that the file carries about itself.</param>
    public static string Sql(string select, string path, long rows, int entriesMax, int level, IEnumerable<(string Key, string Value)> metadata) =>
        $$"""
        COPY ({{select}}) TO {{DuckDb.Sql.Text(path)}} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {{level}}, PARQUET_VERSION V2, ROW_GROUP_SIZE {{GroupRows}},
          DICTIONARY_SIZE_LIMIT {{Math.Clamp(rows / RowsPerDictionaryEntry, 1, entriesMax)}}, USE_TMP_FILE false,
          KV_METADATA { {{string.Join(", ", metadata.Select(pair => $"{DuckDb.Sql.Name(pair.Key)}: {DuckDb.Sql.Text(pair.Value)}"))}} })
        """;
}
