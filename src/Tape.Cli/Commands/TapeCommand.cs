using System.CommandLine;

namespace Tape.Cli.Commands;

/// <summary><c>tape tape</c>: looks at the log itself. Needs no lock, so it works beside a running recorder.</summary>
internal static class TapeCommand
{
    public static Command Create() => new("tape", "Look at the tape itself: segments, records, checksums; also beside a running recorder.")
    {
        TapeLsCommand.Create(),
        TapeShowCommand.Create(),
        TapeVerifyCommand.Create(),
    };
}
