namespace Tape.Cli.Decode;

/// <summary>Cuts a stream of bytes into lines that end with \n (the last one may lack it). Owns no stream. One reader.</summary>
/// <param name="input">Where the bytes come from.</param>
/// <param name="lineBytesMax">Longer lines are read past and reported.</param>
internal sealed class LineFrames(Stream input, int lineBytesMax = LineFrames.LineBytesMax)
{
    /// <summary>A line may be this long, as a frame may.</summary>
    public const int LineBytesMax = 64 << 20;

    private const int BytesAtFirst = 1 << 18;

    private byte[] _buffer = new byte[BytesAtFirst];
    private int _from;
    private int _toExcl;
    private bool _isAtEnd;

    /// <summary>Whether the line last read was longer than allowed; it is then given as empty.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads the next line, without its \n; valid until the next call.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        IsTooLong = false;
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_from + searched, _toExcl - _from - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = Take(searched + end, 1);
                return true;
            }

            searched = _toExcl - _from;
            if (searched > lineBytesMax)
            {
                IsTooLong = true;
                (_from, _toExcl, searched) = (0, 0, 0);
            }

            if (_isAtEnd || !Fill())
            {
                line = Take(_toExcl - _from, 0);
                return line.Length > 0 || IsTooLong;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int length, int delimiterLength)
    {
        var line = _buffer.AsSpan(_from, length);
        _from += length + delimiterLength;
        IsTooLong |= length > lineBytesMax;
        return IsTooLong ? default : line;
    }

    private bool Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _toExcl - _from).CopyTo(_buffer);
            (_from, _toExcl) = (0, _toExcl - _from);
        }

        if (_toExcl == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var count = input.Read(_buffer, _toExcl, _buffer.Length - _toExcl);
        _toExcl += count;
        _isAtEnd = count == 0;
        return count > 0;
    }
}
