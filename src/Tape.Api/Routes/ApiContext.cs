using Tape.Api.Live;
using Tape.Core.Files;
using Tape.Core.Values;

namespace Tape.Api.Routes;

/// <summary>What the routes of one server share.</summary>
internal sealed record ApiContext(ApiOptions Options, string Vault, IFiles Files, TimeProvider Time, VaultFollower Follower, ServerMetrics Figures,
    IQueryRunner Queries)
{
    /// <summary>Bounds what is worked out at a time.</summary>
    public QueryGate Gate { get; } = new(Options.QueriesMax);

    public UnixNanos Now => UnixNanos.From(Time.GetUtcNow());
}
