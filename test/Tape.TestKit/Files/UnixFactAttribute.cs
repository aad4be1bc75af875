namespace Tape.TestKit.Files;

/// <summary>A test that makes links, which Windows lets only some users do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "makes links, which Windows lets only some users do" : null;
}
