using System.Runtime.CompilerServices;
using Tape.TestKit.Files;

namespace Tape.WindowsTests;

/// <summary>Turns the rules of Windows on before the first test of this assembly runs.</summary>
internal static class WindowsRules
{
    [ModuleInitializer]
    public static void TurnOn() => TestDisk.UseWindowsRules();
}
