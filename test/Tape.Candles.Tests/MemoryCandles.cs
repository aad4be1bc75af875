using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Tables.Candles;

namespace Tape.Candles.Tests;

/// <summary>Candle files whose rows stay in memory; in the files stands a number. Some can be damaged or refused.</summary>
internal sealed class MemoryCandles(IFiles files) : ICandleFiles
{
    private readonly Dictionary<byte, StoredCandle[]> _rows = [];

    public int Writes { get; private set; }

    /// <summary>Paths of files that can't be read.</summary>
    public HashSet<string> Damaged { get; } = [];

    /// <summary>Paths that can't be written.</summary>
    public Func<string, bool> Refused { get; set; } = _ => false;

    public void Write(string path, IReadOnlyList<StoredCandle> rows)
    {
        if (Refused(path)) throw new IOException($"{path}: refused");
        var number = (byte)Writes++;
        _rows[number] = [.. rows];
        using var file = files.Open(path, FileUse.Replace);
        file.Write(0, [number]);
        file.Sync();
    }

    public IReadOnlyList<StoredCandle> Read(string path)
    {
        if (Damaged.Remove(path)) throw new DamagedException($"{path}: damaged");
        var number = new byte[1];
        using var file = files.Open(path, FileUse.Read);
        file.Read(0, number);
        return _rows[number[0]];
    }
}
