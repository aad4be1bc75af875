using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Tape.Cli;

/// <summary>
/// Lets the program <c>tape</c> have a command <c>tape</c>: the parser takes the root's name from the executable and refuses two symbols of one name.
/// The library has a setting for the name in help, but none for the name in parsing, so this reaches for the field; a test holds that it works.
/// </summary>
internal static class RootName
{
    /// <summary>Makes help say <c>tape</c> while the parser knows the root by a name that nobody types.</summary>
    public static RootCommand HideFromParsing(this RootCommand root)
    {
        Field(root) = "(root)";
        root.HelpName = "tape";
        return root;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Name>k__BackingField")]
    private static extern ref string Field(Symbol symbol);
}
