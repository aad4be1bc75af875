using Tape.Host.Processes;

namespace Tape.Host.Tests.Processes;

public sealed class FileHandlesTests
{
    private const string Others = "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max cpu time              unlimited            unlimited            seconds   \n";

    [Theory]
    [InlineData("Max open files            64                   64                   files     ", 2, "a limit of 64 open files and sockets, expected 260")]
    [InlineData("Max open files            1024                 1048576              files     ", 600, "expected 1456")]
    [InlineData("Max open files            1024                 1048576              files     ", 5, null)]
    [InlineData("Max open files            unlimited            unlimited            files     ", 5, null)]
    [InlineData("", 5, null)]
    public void A_limit_that_is_too_low_is_said_with_what_is_needed(string line, int connections, string? expected)
    {
        var fault = FileHandles.Fault(Others + line + "\n", connections);
        if (expected is null) Assert.Null(fault);
        else Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void This_process_may_record() => FileHandles.Require(1);
}
