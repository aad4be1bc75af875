using System.Text;
using Tape.Core.Events;
using Tape.Venues.Contract;

namespace Tape.TestKit.Venues;

/// <summary>
/// What every venue's decoder promises, tried on the venue's fixtures against an independent oracle: the same frames accepted, the same
/// events found, nothing guessed, nothing thrown. Each frame goes through a decoder that has seen others before it, as it is and behind a
/// blank, which takes away whatever the decoder remembers about frames that look the same.
/// </summary>
public abstract class VenueContract
{
    /// <summary>The runtime compiles in tiers; code of the first tier may allocate.</summary>
    private const int SteadyAfterPassesMax = 200_000;

    private readonly EventBuffer _events = new();
    private FrameDecoder _decoder;

    protected VenueContract() => _decoder = Venue.CreateDecoder();

    protected abstract IVenue Venue { get; }

    /// <summary>Good frames of the project's own, of every kind.</summary>
    protected abstract IReadOnlyList<byte[]> Fixtures { get; }

    /// <summary>Decodes a frame in another, simple way.</summary>
    protected abstract VenueVerdict Oracle(byte[] frame);

    [Fact]
    public void Fixtures_give_the_events_of_the_oracle() => CheckAll(Fixtures);

    [Fact]
    public void Every_prefix_is_a_fault_or_gives_the_right_events() => CheckChanges(FrameMutations.Prefixes);

    [Fact]
    public void Every_change_of_one_byte_is_a_fault_or_gives_the_right_events() => CheckChanges(FrameMutations.ByteChanges);

    [Fact]
    public void Swapped_types_and_extreme_values_are_faults_or_give_the_right_events() => CheckChanges(FrameMutations.ValueSwaps);

    [Fact]
    public void Of_duplicate_names_the_last_counts() => CheckChanges(FrameMutations.DuplicateMembers);

    [Fact]
    public void Unknown_members_are_ignored_and_escaped_names_are_the_same_names() => CheckChanges(FrameMutations.MemberChanges);

    [Fact]
    public void Order_and_white_space_are_free()
    {
        var random = new Random(20261121);
        CheckChanges(frame => Enumerable.Range(0, 50).Select(_ => FrameMutations.Reordered(frame, random)));
    }

    [Fact]
    public void Noise_and_hostile_nesting_are_refused_without_throwing()
    {
        var random = new Random(7);
        var noise = Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, random.Next(1, 60)).Select(_ => (byte)random.Next(256)).ToArray());
        var nested = new[] { 64, 65, 10_000 }.Select(depth => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)));
        var large = new[]
        {
            Encoding.UTF8.GetBytes($"\"{new string('a', 1_000_000)}\""),
            new byte[1_000_000],
            Encoding.UTF8.GetBytes(new string('{', 1_000_000)),
        };
        CheckAll([.. noise, .. nested, .. large]);
    }

    [Fact]
    public void A_steady_stream_allocates_nothing()
    {
        var frames = Fixtures.Where(frame => Oracle(frame).Events.Count > 0).ToArray();
        var allocated = long.MaxValue;
        for (var pass = 0; pass < SteadyAfterPassesMax && allocated > 0; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            DecodeAll(frames);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    /// <summary>Compares a frame's events with the oracle's.</summary>
    protected void Check(byte[] frame)
    {
        var verdict = Oracle(frame);
        Compare(frame, verdict);
        Compare([(byte)' ', .. frame], verdict);
    }

    /// <summary>Each fixture with a decoder of its own, which sees the fixture before each change of it: what it remembers must not make it blind.</summary>
    private void CheckChanges(Func<byte[], IEnumerable<byte[]>> changes)
    {
        foreach (var fixture in Fixtures)
        {
            _decoder = Venue.CreateDecoder();
            foreach (var frame in changes(fixture))
            {
                _decoder.Decode(fixture, _events);
                Check(frame);
            }
        }
    }

    private void CheckAll(IEnumerable<byte[]> frames)
    {
        var count = 0;
        foreach (var frame in frames)
        {
            Check(frame);
            count++;
        }

        Assert.True(count > 0, "no frames to check");
    }

    private void Compare(byte[] frame, VenueVerdict verdict)
    {
        var outcome = _decoder.Decode(frame, _events);
        var found = EventText.Describe(_events);
        var isRight = verdict.Fault is null
            ? outcome != FrameOutcome.Undecodable && (outcome == FrameOutcome.Events) == (verdict.Events.Count > 0) && found.SequenceEqual(verdict.Events)
            : outcome == FrameOutcome.Undecodable && found.Count == 0 && _decoder.Fault.Length > 0;
        if (isRight) return;
        Assert.Fail($"""
            frame:    {Encoding.UTF8.GetString(frame.AsSpan(0, Math.Min(frame.Length, 2000)))}
            expected: {verdict.Fault ?? string.Join("\n          ", verdict.Events)}
            found:    {outcome} {(outcome == FrameOutcome.Undecodable ? _decoder.Fault : string.Join("\n          ", found))}
            """);
    }

    private void DecodeAll(byte[][] frames)
    {
        foreach (var frame in frames) _decoder.Decode(frame, _events);
    }
}
