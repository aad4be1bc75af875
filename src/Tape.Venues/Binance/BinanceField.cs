namespace Tape.Venues.Binance;

/// <summary>
/// Numbers 0 to 63 for the names that mean something in Binance's frames. A name of one letter is its character code modulo 64, so that
/// finding it costs one operation; longer names use the numbers which no letter has.
/// </summary>
internal static class BinanceField
{
    public const int Count = 64;
    public const int None = -1;

    public const int BusinessLine = 59;
    public const int PreviousUpdate = 60;
    public const int Stream = 61;
    public const int Data = 62;
    public const int Result = 63;
    public const int Error = 27;
    public const int Id = 28;
    public const int Code = 29;
    public const int Message = 30;

    /// <summary>The number of a name, or <see cref="None"/> for names that mean nothing to us.</summary>
    /// <param name="name">Its bytes, escapes taken out.</param>
    public static int Of(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) return OfLetter(name[0]);
        return name.Length switch
        {
            2 when name.SequenceEqual("st"u8) => BusinessLine,
            2 when name.SequenceEqual("pu"u8) => PreviousUpdate,
            2 when name.SequenceEqual("id"u8) => Id,
            3 when name.SequenceEqual("msg"u8) => Message,
            4 when name.SequenceEqual("data"u8) => Data,
            4 when name.SequenceEqual("code"u8) => Code,
            5 when name.SequenceEqual("error"u8) => Error,
            6 when name.SequenceEqual("stream"u8) => Stream,
            6 when name.SequenceEqual("result"u8) => Result,
            _ => None,
        };
    }

    /// <summary>The number of a name of one byte, or <see cref="None"/> when it is not a letter.</summary>
    public static int OfLetter(byte name) => (uint)((name | 0x20) - 'a') < 26 ? name & 63 : None;

    /// <summary>The name behind a number, for messages.</summary>
    public static string Name(int field) => field switch
    {
        BusinessLine => "st",
        PreviousUpdate => "pu",
        Stream => "stream",
        Data => "data",
        Result => "result",
        Error => "error",
        Id => "id",
        Code => "code",
        Message => "msg",
        _ => ((char)(field | 0x40)).ToString(),
    };
}
