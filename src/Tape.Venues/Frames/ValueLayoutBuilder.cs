using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>Walks over an example that has been read in full, and finds out what each of its values may be in other texts with the same layout.</summary>
/// <param name="example">A text whose objects are in <paramref name="objects"/> as read.</param>
/// <param name="offset">What the offsets of tokens count from in the example.</param>
/// <param name="objects">The fields of its objects.</param>
/// <param name="types">What fields are.</param>
/// <param name="listOf">The list that holds the levels of a field.</param>
internal sealed class ValueLayoutBuilder(ReadOnlySpan<byte> example, int offset, IReadOnlyList<FrameFields> objects, FieldTypes types, Func<int,
    LevelList> listOf) : PatternBuilder(example)
{
    private readonly Dictionary<int, (FrameFields Fields, int Field)> _known = [];

    public IReadOnlyList<FrameFields> Objects => objects;

    public List<(FrameFields Fields, int Field, JsonToken Token)> Tokens { get; } = [];

    public List<(FrameFields Fields, DigitRun Run)> Numbers { get; } = [];

    public List<(FrameFields Fields, DigitRun Run)> Integers { get; } = [];

    public List<(int From, int Length)> Ids { get; } = [];

    public List<LevelLayout> Levels { get; } = [];

    /// <summary>Finds the layout of the example.</summary>
    /// <param name="suffix">A text of which only the part behind the last dot may vary, such as a topic; -1 when there is none.</param>
    /// <returns>Null when there is none.</returns>
    public ValueLayout? Build(int suffix)
    {
        foreach (var fields in objects)
        {
            for (var field = 0; field < FieldNames.FieldsMax; field++)
            {
                if (!fields.Has(field)) continue;
                var token = fields[field] with { Start = fields[field].Start - offset };
                Tokens.Add((fields, field, token));
                if (!_known.TryAdd(token.Start, (fields, field))) return null;
            }
        }

        var json = new JsonScanner(Example);
        return Walk(ref json, suffix) ? new ValueLayout(this) : null;
    }

    /// <summary>Walks over the next value.</summary>
    private bool Walk(ref JsonScanner json, int suffix)
    {
        var first = json.Peek();
        if (first == '{') return WalkContainer(ref json, '}', suffix);
        if (first == '[')
            return _known.TryGetValue(json.Position, out var array) && array.Fields.HasLevels(array.Field)
                ? WalkLevels(ref json, listOf(array.Field)) : WalkContainer(ref json, ']', suffix);
        if (!json.ReadScalar(first, out var token) || token.HasEscapes) return false;
        if (_known.TryGetValue(token.Start, out var known)) TakeKnown(token, known.Fields, known.Field, suffix);
        else TakeUnknown(token);
        return true;
    }

    private bool WalkContainer(ref JsonScanner json, char close, int suffix)
    {
        json.Position++;
        if (json.Peek() == close) return json.Read((byte)close, "");
        while (true)
        {
            json.Peek();
            if (close == '}' && !(json.ReadString(out var name) && !name.HasEscapes && json.Read((byte)':', ""))) return false;
            if (!Walk(ref json, suffix)) return false;
            if (json.Peek() != ',') return json.Read((byte)close, "");
            json.Position++;
        }
    }

    /// <summary>Price and quantity of a level come first; what follows, no row needs.</summary>
    private bool WalkLevels(ref JsonScanner json, LevelList list)
    {
        var levels = new LevelLayout(list, json.Position, []);
        Levels.Add(levels);
        do
        {
            json.Position++;
            if (json.Peek() == ']') break;
            for (var place = 0; place == 0 || json.Peek() == ','; place++)
            {
                json.Position++;
                json.Peek();
                if (!json.ReadValue(0, out var token) || token.HasEscapes) return false;
                if (place >= 2) TakeUnknown(token);
                else if (!TakeLevel(token, levels)) return false;
            }

            if (!json.Read((byte)']', "")) return false;
        }
        while (json.Peek() == ',');

        return json.Read((byte)']', "");
    }

    /// <summary>A number that can't be read by its place alone is read from its token.</summary>
    private void TakeKnown(in JsonToken token, FrameFields fields, int field, int suffix)
    {
        var (bit, at) = (1UL << field, token.Start);
        if (token.Length == 0) return;
        if ((types.Numbers & bit) != 0)
        {
            if (Number(ref at, field) is { } run && at == token.Start + token.Length) Numbers.Add((fields, run));
        }
        else if ((types.Integers & bit) != 0 && Example[at] != '-')
        {
            if (Integer(ref at, field) is { } run && at == token.Start + token.Length) Integers.Add((fields, run));
        }
        else if ((types.Texts & bit) != 0)
        {
            var fixedBytes = field == suffix ? Example.Slice(at, token.Length).LastIndexOf((byte)'.') + 1 : 0;
            AllowText(at + fixedBytes, token.Length - fixedBytes);
        }
        else if ((types.Ids & bit) != 0)
        {
            AllowId(at, token.Length);
            Ids.Add((at, token.Length));
        }
    }

    /// <summary>A value that no row needs may be anything of its form.</summary>
    private void TakeUnknown(in JsonToken token)
    {
        var at = token.Start;
        if (token.Kind == JsonKind.String) AllowText(at, token.Length);
        else if (token.Kind == JsonKind.Integer && Example[at] != '-') Integer(ref at, 0);
    }

    private bool TakeLevel(in JsonToken token, LevelLayout levels)
    {
        var at = token.Start;
        if (Number(ref at, 0) is not { } run || at != token.Start + token.Length) return false;
        levels.Runs.Add(run);
        return true;
    }
}
