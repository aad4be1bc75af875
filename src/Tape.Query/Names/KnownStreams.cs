using Tape.Query.Snapshots;

namespace Tape.Query.Names;

/// <summary>The streams that a vault knows, for names that somebody writes: what is not there is an error, upper and lower case are the same.</summary>
/// <param name="keys">All there are. With none at all, no name can be judged, and every name is taken as written.</param>
public sealed class KnownStreams(IReadOnlyCollection<StreamKey> keys)
{
    /// <summary>Those of a snapshot.</summary>
    public static KnownStreams Of(VaultSnapshot snapshot) =>
        new([.. snapshot.Streams.Select(stream => new StreamKey(stream.Exchange, stream.Channel, stream.Symbol))]);

    /// <summary>What names mean together. A name that is null or empty picks all.</summary>
    /// <exception cref="UnknownNameException">A venue, symbol or channel is not there, or not together with the ones before it.</exception>
    public StreamPick Pick(string? venue, string? channel, string? symbol)
    {
        var pick = new StreamPick(venue, channel, symbol);
        if (keys.Count == 0) return pick;
        pick = new StreamPick(Resolve("a venue", venue, key => key.Venue, new(null, null, null)), null, null);
        pick = pick with { Symbol = Resolve("a symbol", symbol, key => key.Symbol, pick) };
        return pick with { Channel = Resolve("a channel", channel, key => key.Channel, pick) };
    }

    private string? Resolve(string kind, string? text, Func<StreamKey, string> name, StreamPick within)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var place = string.Concat(new[] { within.Symbol, within.Venue }.OfType<string>().Select(part => $"{part} in "));
        return UnknownNameException.Resolve(kind, $"{place}this vault", text, keys.Where(within.Takes).Select(name).Where(known => known.Length > 0));
    }
}

/// <summary>Picks streams; what is null or empty fits all.</summary>
public sealed record StreamPick(string? Venue, string? Channel, string? Symbol)
{
    /// <summary>Whether it picks a stream.</summary>
    public bool Takes(StreamKey key) => Fits(Venue, key.Venue) && Fits(Channel, key.Channel) && Fits(Symbol, key.Symbol);

    private static bool Fits(string? wanted, string found) => string.IsNullOrEmpty(wanted) || wanted == found;
}
