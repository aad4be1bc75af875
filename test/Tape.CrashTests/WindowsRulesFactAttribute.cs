using Tape.TestKit.Files;

namespace Tape.CrashTests;

/// <summary>A test of what only the rules of Windows bring about; it runs where the same tests run under them.</summary>
internal sealed class WindowsRulesFactAttribute : FactAttribute
{
    public WindowsRulesFactAttribute() => Skip = TestDisk.HasWindowsRules ? null : "about open files under the rules of Windows: runs in Tape.WindowsTests";
}
