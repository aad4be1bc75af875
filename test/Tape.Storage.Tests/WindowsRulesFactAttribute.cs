using Tape.TestKit.Files;

namespace Tape.Storage.Tests;

/// <summary>A test of what only the rules of Windows bring about; it runs where the same tests run under them.</summary>
internal sealed class WindowsRulesFactAttribute : FactAttribute
{
    public WindowsRulesFactAttribute() => Skip = TestDisk.HasWindowsRules ? null : "about open files under the rules of Windows: runs in Tape.WindowsTests";
}

/// <summary>A test that runs only where the rules of Windows do not hold.</summary>
/// <param name="why">Why it need not or can't run there.</param>
internal sealed class UnixRulesFactAttribute : FactAttribute
{
    public UnixRulesFactAttribute(string why) => Skip = TestDisk.HasWindowsRules ? why : null;
}
