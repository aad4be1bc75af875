using Tape.Api.Live;

namespace Tape.Api.Routes;

/// <summary>What the routes of one server share.</summary>
internal sealed record ApiContext(ApiOptions Options, string Vault, IFiles Files, TimeProvider Time, VaultFollower Follower, ServerMetrics Figures,
    IQueryRunner Queries)
{
    public UnixNanos Now => UnixNanos.From(Time.GetUtcNow());
}
