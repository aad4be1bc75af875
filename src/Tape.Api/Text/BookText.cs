using System.Text.Json;
using Tape.Derive.Books;
using Tape.Venues.Books;

namespace Tape.Api.Text;

/// <summary>How a book is, as a field of an open JSON object.</summary>
internal static class BookText
{
    /// <summary>The name of a state in answers.</summary>
    public static string Name(BookState state) => state.ToString().ToLowerInvariant();

    /// <summary>Writes nothing for a stream without a book.</summary>
    public static void Write(Utf8JsonWriter json, BookStatus? book)
    {
        if (book is null) return;
        json.WriteStartObject("book");
        json.WriteString("state", Name(book.State));
        if (book.Since is { } since) json.WriteString("since", since.ToString());
        if (book.UpdateId is { } id) json.WriteNumber("update_id", id);
        if (book.Why is not null) json.WriteString("why", book.Why);
        json.WriteEndObject();
    }
}
