namespace Tape.Venues.Books;

/// <summary>Whether a client that keeps a book out of a stream could trust it.</summary>
public enum BookState
{
    /// <summary>There is no full snapshot yet to which the changes can be applied.</summary>
    Waiting,

    /// <summary>A full snapshot and all changes since.</summary>
    Aligned,

    /// <summary>A change is missing since it was aligned.</summary>
    Broken,
}
