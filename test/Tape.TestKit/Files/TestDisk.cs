using Tape.Core.Files;
using Tape.Storage.Files;

namespace Tape.TestKit.Files;

/// <summary>
/// The disk on which the storage tests of this process work: the real one, or the real one by the rules of Windows. A test assembly decides once, when it is
/// loaded, so that the same tests run under both.
/// </summary>
public static class TestDisk
{
    private static readonly Lazy<WindowsFiles> Windows = new(() => new WindowsFiles(DiskFiles.Instance));
    private static bool _hasWindowsRules;

    /// <summary>What storage code under test is given, and what looks at its files.</summary>
    public static IFiles Files => _hasWindowsRules ? Windows.Value : DiskFiles.Instance;

    /// <summary>Whether the rules of Windows hold.</summary>
    public static bool HasWindowsRules => _hasWindowsRules;

    /// <summary>From now on the rules of Windows hold in this process.</summary>
    public static void UseWindowsRules() => _hasWindowsRules = true;

    /// <summary>
    /// Fails when something under a folder was refused because somebody had it open. For tests in which nobody but the code under test has anything open.
    /// </summary>
    public static void AssertNothingRefused(string folder, string context)
    {
        if (!_hasWindowsRules) return;
        var refused = Windows.Value.TakeRefusals(folder);
        Assert.True(refused.Count == 0, $"{string.Join('\n', refused)}\n{context}");
    }
}
