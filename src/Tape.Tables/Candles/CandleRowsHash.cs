using System.Security.Cryptography;
using Tape.Core.Candles;

namespace Tape.Tables.Candles;

/// <summary>A hash of candles, which a file carries about itself: Parquet as written has no checksum of its own.</summary>
internal static class CandleRowsHash
{
    /// <summary>SHA-256 over all values in order, as 64 hexadecimal digits.</summary>
    public static string Of(IReadOnlyList<StoredCandle> rows)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (var row in rows)
        {
            writer.Write(row.Venue);
            writer.Write(row.Symbol);
            writer.Write(row.Timeframe.Name);
            writer.Write(row.OpenTimeMs);
            writer.Write(row.CloseTimeMs);
            foreach (var number in (ReadOnlySpan<double>)[row.Values.Open, row.Values.High, row.Values.Low, row.Values.Close, row.Values.Volume,
                row.Values.QuoteVolume, row.Values.Vwap])
                writer.Write(double.IsNaN(number) ? double.NaN : number);
            writer.Write(row.Values.TradesCount);
            writer.Write(row.IsClosed);
            writer.Write(row.Source.Name());
            writer.Write(row.IngestTimeMs);
        }

        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}
