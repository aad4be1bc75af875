using Tape.Api.Live;
using Tape.Api.Metrics;
using Tape.Query.Names;

namespace Tape.Api.Routes;

/// <summary>What the routes of one server share.</summary>
internal sealed record ApiContext(ApiOptions Options, string Vault, IFiles Files, TimeProvider Time, VaultFollower Follower, ServerMetrics Figures,
    IQueryRunner Queries)
{
    public UnixNanos Now => UnixNanos.From(Time.GetUtcNow());

    /// <summary>All figures of the moment, always the same ones in the same order.</summary>
    public IReadOnlyList<Metric> Metrics() => Metric.All(Follower.Look(), Follower.Totals(), Figures, Now);

    /// <summary>The streams of which something was received or asked for.</summary>
    public KnownStreams KnownStreams() =>
        new([.. Follower.Totals().Select(total => new StreamKey(total.Exchange, total.Channel, total.Symbol))
            .Union(Follower.Look().Snapshot.Streams.Select(stream => stream.Key))]);
}
