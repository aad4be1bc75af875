using System.CommandLine;

namespace Tape.Cli.Commands;

/// <summary><c>tape log</c>: looks at the log itself. Needs no lock, so it works beside a running recorder.</summary>
internal static class LogCommand
{
    public static Command Create() => new("log", "Look at the tape itself: segments, records, checksums; also beside a running recorder.")
    {
        LogLsCommand.Create(),
        LogShowCommand.Create(),
        LogVerifyCommand.Create(),
    };
}
