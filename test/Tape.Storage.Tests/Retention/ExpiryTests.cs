using System.Text;
using Tape.Core.Errors;
using Tape.Storage.Retention;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Retention;

/// <summary>What is deleted, what stays and why, and what is known of it afterwards.</summary>
public sealed class ExpiryTests : IDisposable
{
    private readonly RetentionRig _rig = new() { Rules = new() { KeepBytes = 0 } };

    [Fact]
    public async Task A_verified_segment_expires_and_its_line_says_what_it_held()
    {
        _rig.Tape.Record(100);
        var segments = _rig.Segments();
        _rig.Seal(10, 45, 80, 100);
        await _rig.Advance();
        var left = Assert.Single(_rig.Segments());
        Assert.Equal(segments[^1].FirstSeq, left.FirstSeq);
        Assert.Equal(segments.SkipLast(1).Select(segment => segment.FirstSeq), _rig.History().Segments.Select(story => story.Segment.FirstSeq));
        foreach (var story in _rig.History().Segments)
            Assert.Equivalent(ScriptedVerifier.Rows(story.Segment.FirstSeq, story.Segment.NextSeq), story.Verified!.Rows, strict: true);
        Assert.Equal([0, 10, 45, 80], _rig.Verifier.Verified);
        Assert.Contains("expired on 2026-11-21T", _rig.History().WhereIs(0), StringComparison.Ordinal);
        Assert.Null(_rig.History().WhereIs(left.FirstSeq));
        Assert.Empty(Directory.GetFiles(_rig.Tape.Folder, $"*{0:D16}.*"));
    }

    [Fact]
    public async Task A_segment_stays_until_the_gap_ledger_covers_it()
    {
        _rig.KeepsLedger = false;
        _rig.Tape.Record(100);
        var segments = _rig.Segments();
        _rig.Seal(100);
        _rig.CoverTo(segments[1].FirstSeq);
        await _rig.Advance();
        Assert.Equal(segments[1].FirstSeq, _rig.Segments()[0].FirstSeq);
        Assert.Contains(_rig.Events, told => told.Act == RetentionAct.Hindered
            && told.Text.Contains($"the gap ledger (quality/gaps.log) covers records up to {segments[1].FirstSeq}", StringComparison.Ordinal));
        _rig.CoverTo(100);
        await _rig.Advance();
        Assert.Single(_rig.Segments());
    }

    [Fact]
    public async Task A_seal_over_many_segments_is_verified_once_even_when_the_keeper_is_opened_again_for_each()
    {
        _rig.Tape.Record(200);
        _rig.Seal(3, 199, 200);
        _rig.Rules = new();
        await _rig.Advance();
        for (var segments = _rig.Segments(); segments.Count > 1; segments = _rig.Segments())
        {
            // One more byte than the others take: only the first is due.
            _rig.Rules = new() { KeepBytes = segments.Skip(1).Sum(segment => segment.StoredBytes) };
            await _rig.Advance();
            Assert.Equal(segments.Count - 1, _rig.Segments().Count);
        }
        Assert.Equal([0, 3], _rig.Verifier.Verified);
        foreach (var story in _rig.History().Segments)
            Assert.Equivalent(ScriptedVerifier.Rows(story.Segment.FirstSeq, story.Segment.NextSeq), story.Verified!.Rows, strict: true);
    }

    [Fact]
    public async Task A_segment_that_does_not_derive_to_its_tables_stays_and_is_tried_again_after_an_hour()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        _rig.Verifier.Faults[0] = "seal 1: a row differs";
        using (var keeper = _rig.Open())
        {
            await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
            await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
            Assert.Equal([0], _rig.Verifier.Verified);
            Assert.Contains("seal 1: a row differs", Assert.Single(_rig.Events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
            Assert.Equal(0, _rig.Segments()[0].FirstSeq);
            _rig.Verifier.Faults.Clear();
            _rig.Tape.Time.Advance(TimeSpan.FromHours(1));
            await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
        }
        Assert.Single(_rig.Segments());
    }

    [Fact]
    public async Task Undecodable_frames_are_kept_and_beyond_the_limit_the_segment_stays()
    {
        _rig.Tape.Record(100);
        _rig.Seal(60, 90, 100);
        _rig.Verifier.Undecodable.UnionWith([5, 61, 62]);
        var first = _rig.Segments()[0];
        _rig.Rules = new() { KeepBytes = 0, KeptBytesMax = 150 };
        await _rig.Advance();
        var kept = Assert.Single(Directory.GetFiles(_rig.KeptFolder, "*.kept"));
        Assert.EndsWith($"{first.TapeId:x16}-{0:D16}.kept", kept, StringComparison.Ordinal);
        Assert.Contains("\"seq\":5,\"conn\":1,\"time\":5,\"reason\":\"scripted\",\"text\":\"no frame\"", File.ReadAllText(kept), StringComparison.Ordinal);
        Assert.Contains("do not fit", Assert.Single(_rig.Events, told => told.Act == RetentionAct.Hindered).Text, StringComparison.Ordinal);
        Assert.True(_rig.Segments()[0].FirstSeq is > 0 and <= 60);
        _rig.Rules = new() { KeepBytes = 0 };
        await _rig.Advance();
        Assert.Equal(2, Directory.GetFiles(_rig.KeptFolder, "*.kept").Length);
        Assert.Single(_rig.Segments());
    }

    [UnixRulesFact("can't happen under the rules of Windows: an open file is not deleted")]
    public async Task A_reader_that_is_overtaken_by_expiry_says_so()
    {
        _rig.Tape.Record(100);
        _rig.Seal(100);
        using var reader = TapeReader.Open(TestDisk.Files, _rig.Tape.Folder);
        reader.TryRead(out _);
        await _rig.Advance();
        var fault = Assert.Throws<TapeException>(() => { while (reader.TryRead(out _)) { } });
        Assert.Contains("expired while they were being read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tape_is_kept_by_one_keeper_at_a_time()
    {
        _rig.Tape.Record(10);
        using var keeper = _rig.Open();
        Assert.Throws<OwnedElsewhereException>(() => _rig.Open());
        await keeper.AdvanceAsync(_rig.Events.Add, CancellationToken.None);
    }

    [Fact]
    public async Task A_damaged_line_of_the_log_stops_everything_and_changes_nothing()
    {
        _rig.Rules = new();
        _rig.Tape.Record(100);
        _rig.Seal(100);
        await _rig.Advance();
        var path = SegmentHistory.PathOf(_rig.Tape.Folder);
        var bytes = File.ReadAllBytes(path);
        bytes[20] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<DamagedException>(() => _rig.Open());
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_bent_compressed_form_beside_its_plain_one_is_made_again()
    {
        _rig.Rules = new();
        _rig.Tape.Record(100);
        var plain = File.ReadAllBytes(_rig.Tape.SegmentPaths()[0]);
        var records = _rig.Tape.ReadAll();
        _rig.Seal(100);
        await _rig.Advance();
        var compressed = _rig.Segments()[0].FilePath;
        var good = File.ReadAllBytes(compressed);
        File.WriteAllBytes(_rig.Segments()[0].Path, plain);
        File.WriteAllBytes(compressed, Encoding.UTF8.GetBytes("bent"));
        await _rig.Advance();
        Assert.Equal(good, File.ReadAllBytes(compressed));
        Assert.Equal(records, _rig.Tape.ReadAll());
    }

    public void Dispose() => _rig.Dispose();
}
