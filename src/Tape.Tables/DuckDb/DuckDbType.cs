namespace Tape.Tables.DuckDb;

/// <summary>Column types of DuckDB, by the numbers of its C interface. Types that are not named here come out as text after a cast in SQL.</summary>
public enum DuckDbType
{
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    UTinyInt = 6,
    USmallInt = 7,
    UInteger = 8,
    UBigInt = 9,
    Float = 10,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    HugeInt = 16,
    Varchar = 17,
    Decimal = 19,
    TimestampS = 20,
    TimestampMs = 21,
    TimestampNs = 22,
    List = 24,
    Struct = 25,
    Map = 26,
    TimestampTz = 31,
    UHugeInt = 32,
    Array = 33,
}
