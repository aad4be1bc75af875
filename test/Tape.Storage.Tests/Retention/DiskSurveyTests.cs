using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Retention;

public sealed class DiskSurveyTests : IDisposable
{
    private readonly RetentionRig _rig = new();

    [Fact]
    public async Task Every_byte_of_the_vault_is_in_one_class()
    {
        Record(hours: 3);
        _rig.Seal(100, 180);
        await _rig.Advance();
        Directory.CreateDirectory(Path.Combine(_rig.Vault, "logs"));
        File.WriteAllBytes(Path.Combine(_rig.Vault, "logs", "recorder.jsonl"), new byte[123]);
        foreach (var (path, bytes) in new[] { ("compact/v1/trades/venue=okx/date=2026-11-20/day.parquet", 50),
            ("compact/v1/bbo/venue=okx/date=2026-11-20/day.parquet", 60), ("compact/compact.log", 70), ("raw/seals/1-0-9.log.br", 80) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_rig.Vault, path))!);
            File.WriteAllBytes(Path.Combine(_rig.Vault, path), new byte[bytes]);
        }

        var use = Survey(out var files);
        Assert.Equal(files.UsedBytes, use.Bytes);
        Assert.Equal([60, 50, 70], new[] { "compact bbo", "compact trades",
            "compact lists" }.Select(name => use.Classes.Single(kind => kind.Name == name).Bytes));
        Assert.Equal(123, use.Classes.Single(kind => kind.Name == "logs").Bytes);
        Assert.True(use.Classes.Single(kind => kind.Name == "tape compressed").Files > 2);
    }

    [Fact]
    public void The_day_on_which_the_disk_is_full_follows_from_what_came_in_the_time_seen()
    {
        Record(hours: 24);
        var bytes = TapeFolder.Segments(_rig.Tape.Files, _rig.Tape.Folder).Sum(segment => segment.Bytes);
        var use = Survey(out _, free: 10 * bytes);
        Assert.Equal(1, use.ObservedDays!.Value, 0.01);
        Assert.Equal(bytes, use.BytesPerDay!.Value, bytes * 0.01);
        Assert.Equal(10, use.FullIn!.Value.TotalDays, 0.1);
    }

    [Fact]
    public async Task Growth_is_counted_in_the_size_that_compression_gives()
    {
        Record(hours: 24);
        _rig.Seal(1400);
        await _rig.Advance();
        var segments = _rig.Segments();
        var (packed, all) = (segments.Where(segment => segment.CompressedBytes is not null).ToList(), segments.Sum(segment => segment.Bytes));
        var growth = Survey(out _).BytesPerDay!.Value;
        Assert.Equal((double)all * packed.Sum(segment => segment.StoredBytes) / packed.Sum(segment => segment.Bytes), growth, growth * 0.01);
    }

    [Fact]
    public void A_tape_that_its_rules_hold_level_does_not_fill_the_disk()
    {
        Record(hours: 30);
        _rig.Rules = new() { Keep = TimeSpan.FromHours(24) };
        Assert.Null(Survey(out _).FullIn);
    }

    [Fact]
    public void Too_little_time_gives_no_growth()
    {
        _rig.Tape.Record(5);
        var use = Survey(out _);
        Assert.Equal((null, null, null), (use.ObservedDays, use.BytesPerDay, use.FullIn));
    }

    public void Dispose() => _rig.Dispose();

    private DiskUse Survey(out FaultyFiles files, long free = 1L << 40)
    {
        files = new FaultyFiles(_rig.Tape.Root.Path, 1);
        files.CapacityBytes = files.UsedBytes + free;
        return DiskSurvey.Run(files, _rig.Vault, _rig.Rules);
    }

    /// <summary>A frame a minute that compresses well.</summary>
    private void Record(int hours)
    {
        using var writer = _rig.Tape.Open();
        for (var minute = 0; minute < hours * 60; minute++)
        {
            writer.Append(RecordKind.Frame, 1, _rig.Tape.Now(), new byte[60]);
            _rig.Tape.Time.Advance(TimeSpan.FromMinutes(1));
        }
        writer.Commit();
    }
}
