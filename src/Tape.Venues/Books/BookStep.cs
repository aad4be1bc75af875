namespace Tape.Venues.Books;

/// <summary>What a frame of a book was to those before it on its connection.</summary>
public enum BookStep
{
    /// <summary>The first change.</summary>
    First,

    /// <summary>Right behind the one before; also a sign of life that changes nothing.</summary>
    Followed,

    /// <summary>Right behind the one before, from where the venue numbers anew.</summary>
    Renumbered,

    /// <summary>It came before, or is older than what came.</summary>
    Repeated,

    /// <summary>A full picture.</summary>
    FromSnapshot,

    /// <summary>It does not follow on what came: something is missing.</summary>
    Broke,
}
