namespace Tape.TestKit.Files;

/// <summary>The exceptions that .NET gives on Windows, with their numbers.</summary>
internal static class WindowsFaults
{
    public const int AlreadyExists = HResult | 183;
    public const int InvalidName = HResult | 123;
    private const int HResult = unchecked((int)0x8007_0000);
    private const int SharingViolation = HResult | 32;

    /// <summary>ERROR_SHARING_VIOLATION.</summary>
    public static IOException InUse(string path) =>
        new($"The process cannot access the file '{path}' because it is being used by another process.", SharingViolation);

    /// <summary>ERROR_ACCESS_DENIED, which a rename gives whose target is open. Its number is the exception's own.</summary>
    public static UnauthorizedAccessException Denied(string path) => new($"Access to the path '{path}' is denied.");
}
