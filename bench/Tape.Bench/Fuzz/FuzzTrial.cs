using System.Text.Json;
using Tape.Cli.Decode;
using Tape.Venues.Contract;

namespace Tape.Bench.Fuzz;

/// <summary>
/// Holds a decoder to its promises, frame by frame, and counts. Takes a new decoder every 5000 frames, since one remembers only so much. Not thread-safe.
/// </summary>
internal sealed class FuzzTrial : IDisposable
{
    private const int FailuresKept = 100;
    private const int CanaryEvery = 1000;
    private const int FramesPerDecoder = 5000;

    private readonly IVenue _venue;
    private readonly bool _isCanary;
    private readonly MemoryStream _linesAsIs = new();
    private readonly MemoryStream _linesBehindBlank = new();
    private readonly EventLines _writerAsIs;
    private readonly EventLines _writerBehindBlank;
    private FrameDecoder _decoder;

    private readonly EventBuffer _events = new();
    private readonly long[] _outcomes = new long[Enum.GetValues<FrameOutcome>().Length];
    private readonly List<string> _failures = [];

    public FuzzTrial(IVenue venue, bool isCanary)
    {
        (_venue, _isCanary, _decoder) = (venue, isCanary, venue.CreateDecoder());
        (_writerAsIs, _writerBehindBlank) = (new EventLines(_linesAsIs, venue.Name), new EventLines(_linesBehindBlank, venue.Name));
    }

    public long FrameCount { get; private set; }

    /// <summary>Frames that are no JSON text for <c>Utf8JsonReader</c>.</summary>
    public long NoJsonCount { get; private set; }

    public long FailureCount { get; private set; }

    /// <summary>The first hundred broken promises, with the frame in base 64.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public long Count(FrameOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Decodes a frame both ways and notes each promise that was broken.</summary>
    public void Try(byte[] frame)
    {
        if (FrameCount++ % FramesPerDecoder == 0) _decoder = _venue.CreateDecoder();
        var isJson = IsJson(frame);
        if (!isJson) NoJsonCount++;
        try
        {
            var outcome = _decoder.Decode(frame, _events);
            _outcomes[(int)outcome]++;
            Check(frame, outcome, isJson);
            var asIs = Lines(_writerAsIs, _linesAsIs);
            var outcomeBehindBlank = _decoder.Decode([(byte)' ', .. frame], _events);
            if (outcomeBehindBlank != outcome || !asIs.SequenceEqual(Lines(_writerBehindBlank, _linesBehindBlank))) Note(frame, "another end behind a blank");
        }
#pragma warning disable CA1031 // Whatever it is, a decoder that throws has broken its promise, and the run goes on to find more.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Note(frame, $"threw {fault.GetType().Name}: {fault.Message}");
        }
    }

    private void Check(byte[] frame, FrameOutcome outcome, bool isJson)
    {
        var isUndecodable = outcome == FrameOutcome.Undecodable;
        var isCalledJson = !(isUndecodable && _decoder.FaultIsSyntax);
        if (_isCanary && FrameCount % CanaryEvery == 0) isCalledJson = !isCalledJson;
        if (isCalledJson != isJson) Note(frame, isJson ? $"refused as no JSON: {_decoder.Fault}" : "taken for JSON");
        if (isUndecodable && _events.Count > 0) Note(frame, "events of an undecodable frame");
        if (isUndecodable && _decoder.Fault.Length == 0) Note(frame, "undecodable without a reason");
        if ((outcome == FrameOutcome.Events) != (_events.Count > 0)) Note(frame, $"{outcome} with {_events.Count} events");
    }

    private ReadOnlySpan<byte> Lines(EventLines writer, MemoryStream lines)
    {
        lines.SetLength(0);
        writer.Write(0, _events);
        writer.Flush();
        return lines.GetBuffer().AsSpan(0, (int)lines.Length);
    }

    private void Note(byte[] frame, string what)
    {
        FailureCount++;
        if (_failures.Count < FailuresKept) _failures.Add($"frame {FrameCount - 1}: {what}: {Convert.ToBase64String(frame)}");
    }

    public void Dispose()
    {
        _writerAsIs.Dispose();
        _writerBehindBlank.Dispose();
        _linesAsIs.Dispose();
        _linesBehindBlank.Dispose();
    }

    private static bool IsJson(byte[] frame)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
