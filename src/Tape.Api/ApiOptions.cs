using Microsoft.Extensions.Configuration;

namespace Tape.Api;

/// <summary>Where the server answers, to whom, and within which limits.</summary>
public sealed record ApiOptions
{
    /// <summary>The port when none is given.</summary>
    public const int PortDefault = 8640;

    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; } = PortDefault;

    /// <summary>Names in the Host header that are taken beside 127.0.0.1, localhost and [::1], without port: those of a proxy in front.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Origins of web pages that may ask: <c>http://localhost:5173</c>. Requests with any other Origin header are refused.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Questions that are answered at a time; a further one is refused with 429.</summary>
    public int QueriesMax { get; init; } = 2;

    /// <summary>Limits of one question.</summary>
    public ApiQueryLimits Query { get; init; } = new();

    /// <summary>The environment variables, for the export of metrics; null exports nothing.</summary>
    public IConfiguration? Environment { get; init; }

    /// <summary>Bytes of a request's body.</summary>
    public const int BodyBytesMax = 64 << 10;

    /// <summary>Connections at a time; further ones are closed.</summary>
    public const int ConnectionsMax = 256;
}

/// <summary>What one question over HTTP may use.</summary>
public sealed record ApiQueryLimits
{
    /// <summary>Time until it is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>One that takes so long or longer gets a line in the log of slow ones.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of the engine's buffers.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Rows of an answer; one that has more is refused as a whole.</summary>
    public long RowsMax { get; init; } = 1_000_000;

    /// <summary>Bytes of an answer; one that has more is refused as a whole.</summary>
    public long AnswerBytesMax { get; init; } = 256L << 20;
}
