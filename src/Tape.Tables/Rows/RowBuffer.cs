using Tape.Storage.Schema;

namespace Tape.Tables.Rows;

/// <summary>
/// Rows of one table, column by column, in the order of the tape: (tape_seq, idx) rises. Cleared and filled again for each seal, so that steady
/// recording allocates nothing per row. Not thread-safe.
/// </summary>
public sealed partial class RowBuffer
{
    /// <summary>Rows that one buffer takes at most; sealing comes long before.</summary>
    public const int RowsMax = 1 << 24;

    private readonly RowColumn[] _columns;
    private readonly TextStore _texts = new();
    private readonly TextStore _symbols = new();
    private int[] _symbolNumbers = [];
    private string[] _exchangeNames = [];
    private string? _exchange;
    private TextRef _exchangeText;
    private int _capacity;
    private int _next;
    private long _lastSeq = long.MinValue;
    private int _lastIndex;

    public RowBuffer(RawTable table)
    {
        Table = table;
        _columns = [.. table.Columns.Select(column => new RowColumn(column.Type))];
    }

    /// <summary>The table that the rows belong to.</summary>
    public RawTable Table { get; }

    /// <summary>Rows in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the rows take, about; for deciding when to seal.</summary>
    public long Bytes => (long)Count * (_columns.Length * 8 + 12) + _texts.Length + _symbols.Length;

    /// <summary>Forgets the rows, keeps the room.</summary>
    public void Clear()
    {
        Count = 0;
        _exchange = null;
        _texts.Clear();
        _symbols.Clear();
        _lastSeq = long.MinValue;
    }

    /// <summary>A time, integer or boolean (0 or 1); null for NULL.</summary>
    public long? Integer(int column, int row) => _columns[column].Type is RawType.Int or RawType.Boolean
        ? _columns[column].Ints[row] is var small && small == int.MinValue ? null : small
        : _columns[column].Integers[row] is var value && value == Absent.Integer ? null : value;

    /// <summary>A number; null for NULL.</summary>
    public double? Number(int column, int row) => _columns[column].Numbers[row] is var value && double.IsNaN(value) ? null : value;

    /// <summary>A text; null for NULL.</summary>
    public string? Text(int column, int row) => _columns[column].Texts[row] is var text && text.IsAbsent ? null : Encoding.UTF8.GetString(TextOf(column, text));

    /// <summary>The raw values of a column.</summary>
    internal RowColumn Column(int index) => _columns[index];

    /// <summary>The bytes of a text of a column.</summary>
    internal ReadOnlySpan<byte> TextOf(int column, TextRef text) => column == SymbolColumn ? _symbols[text] : _texts[text];

    internal const int ReceivedColumn = 2;
    internal const int SymbolColumn = 4;

    private void Begin(RawTable table, in EventHead head, EventBuffer texts, in RowOrigin origin) => Begin(table, head, texts.Text(head.Symbol), origin);

    private void Begin(RawTable table, in EventHead head, ReadOnlySpan<byte> symbolName, in RowOrigin origin)
    {
        if (!ReferenceEquals(table, Table)) throw new InvalidOperationException($"a row of {table} was given to a buffer of {Table}");
        if (origin.TapeSeq < _lastSeq || (origin.TapeSeq == _lastSeq && head.Index <= _lastIndex))
            throw new InvalidOperationException(
                $"{Table}: row ({origin.TapeSeq}, {head.Index}) came after ({_lastSeq}, {_lastIndex}); rows must come in the order of the tape");
        if (Count == _capacity) Grow();
        (_lastSeq, _lastIndex) = (origin.TapeSeq, head.Index);
        var symbol = _symbols.Intern(symbolName);
        _next = 0;
        Integer(head.EventTime);
        Integer(head.SentTime);
        Integer(origin.ReceivedAt);
        _columns[_next++].Texts[Count] = Exchange(origin.Exchange);
        _columns[_next++].Texts[Count] = _symbols.Known(symbol);
        Integer(origin.Connection);
        Integer(origin.TapeSeq);
        _columns[_next++].Ints[Count] = head.Index;
        _symbolNumbers[Count] = symbol;
        _exchangeNames[Count] = origin.Exchange;
    }

    private void End() => Count++;

    private void Int(long value) => _columns[_next++].Ints[Count] = value is > int.MinValue and <= int.MaxValue ? (int)value : int.MinValue;

    private void Integer(long value) => _columns[_next++].Integers[Count] = value;

    /// <summary>Minus zero ("-0.00" on the wire) becomes zero: a Parquet dictionary takes the two for one value and gives back whichever came first.</summary>
    private void Number(double value) => _columns[_next++].Numbers[Count] = value == 0 ? 0 : value;

    private void Text(ReadOnlySpan<byte> utf8) => _columns[_next++].Texts[Count] = _texts.Add(utf8);

    private void Word(ReadOnlySpan<byte> utf8) => _columns[_next++].Texts[Count] = utf8.IsEmpty ? default : _texts.Known(_texts.Intern(utf8));

    private TextRef Exchange(string name)
    {
        if (ReferenceEquals(_exchange, name)) return _exchangeText;
        Span<byte> utf8 = stackalloc byte[256];
        _exchangeText = _texts.Known(_texts.Intern(utf8[..Encoding.UTF8.GetBytes(name, utf8)]));
        _exchange = name;
        return _exchangeText;
    }

    private void Grow()
    {
        if (_capacity == RowsMax) throw new InvalidOperationException($"a row buffer of {Table} holds {RowsMax} rows at most; seal earlier");
        _capacity = Math.Max(256, Math.Min(RowsMax, _capacity * 2));
        foreach (var column in _columns) column.Resize(_capacity);
        Array.Resize(ref _symbolNumbers, _capacity);
        Array.Resize(ref _exchangeNames, _capacity);
    }
}
