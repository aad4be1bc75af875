using Tape.Core.Logging;

namespace Tape.Cli.Tests.Clients;

/// <summary>A log for tests whose tape says all that they ask for.</summary>
internal sealed class QuietLog : ILogSink
{
    public void Write(ReadOnlySpan<byte> line)
    {
        // Nobody reads it.
    }
}
