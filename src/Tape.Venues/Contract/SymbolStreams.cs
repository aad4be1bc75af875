using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tape.Venues.Contract;

/// <summary>Streams of one route spread over connections, and the frames that ask for them.</summary>
internal static class SymbolStreams
{
    /// <summary>Fills connections so that the streams of one symbol stay together: quiet ones are then proven alive by their siblings.</summary>
    /// <param name="symbols">The streams of each symbol.</param>
    /// <param name="streamsMax">Streams on a connection, as long as one symbol has no more.</param>
    /// <param name="weigh">What a stream counts of a second limit.</param>
    /// <param name="weightMax">That limit.</param>
    public static IEnumerable<StreamPlan[]> Spread(IEnumerable<IReadOnlyList<StreamPlan>> symbols, int streamsMax, Func<StreamPlan, int> weigh, int weightMax)
    {
        var connection = new List<StreamPlan>();
        var weight = 0;
        foreach (var streams in symbols.Where(streams => streams.Count > 0))
        {
            var added = streams.Sum(weigh);
            if (connection.Count > 0 && (connection.Count + streams.Count > streamsMax || weight + added > weightMax))
            {
                yield return [.. connection];
                connection.Clear();
                weight = 0;
            }

            connection.AddRange(streams);
            weight += added;
        }

        if (connection.Count > 0) yield return [.. connection];
    }

    /// <summary>Asks for streams in frames that keep to both limits, numbered from 1.</summary>
    /// <param name="streams">In the order to ask.</param>
    /// <param name="perRequest">Streams in a frame.</param>
    /// <param name="frame">Writes the frame of a number and its arguments, which are separated by commas.</param>
    /// <param name="argument">A stream in a frame.</param>
    /// <param name="bytesMax">Bytes of a frame, as long as one stream needs no more.</param>
    public static IReadOnlyList<SubscribeRequest> Requests(IReadOnlyList<StreamPlan> streams, int perRequest, Func<long, string, string> frame,
        Func<StreamPlan, string> argument, int bytesMax = int.MaxValue)
    {
        var requests = new List<SubscribeRequest>();
        var arguments = streams.Select(argument).ToList();
        for (var from = 0; from < streams.Count;)
        {
            var id = requests.Count + 1;
            var room = bytesMax - Encoding.UTF8.GetByteCount(frame(id, ""));
            var to = from;
            while (to < streams.Count && to - from < perRequest && (to == from || Encoding.UTF8.GetByteCount(arguments[to]) + 1 <= room))
                room -= Encoding.UTF8.GetByteCount(arguments[to++]) + (to == from + 1 ? 0 : 1);
            requests.Add(new SubscribeRequest(id, frame(id, string.Join(',', arguments[from..to])), from, to));
            from = to;
        }

        return requests;
    }

    /// <summary>The names of streams in quotes, separated by commas.</summary>
    public static string Names(IEnumerable<StreamPlan> streams) => string.Join(',', streams.Select(stream => Quote(stream.WireName)));

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) =>
        new StringBuilder("\"").Append(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append('"').ToString();
}
