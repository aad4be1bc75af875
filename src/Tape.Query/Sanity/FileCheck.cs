using Tape.Storage.Files;
using Tape.Storage.Seals;

namespace Tape.Query.Sanity;

/// <summary>
/// Checks the files of all seals, each once, on several lanes at a time. Findings come in the order of the seals, whichever was looked at first.
/// </summary>
internal sealed class FileCheck : IDisposable
{
    private readonly IFiles _files;
    private readonly string _vault;
    private readonly (SealEntry Seal, SealedFile File)[] _work;
    private readonly string?[] _faults;
    private readonly PartCheck?[] _lanes;
    private readonly HashSet<string> _merges = [];
    private int _looked;

    /// <param name="seals">Null when their log is damaged; then there are no files.</param>
    /// <param name="lanes">How many threads call <see cref="Check"/> at a time.</param>
    public FileCheck(IFiles files, string vault, SealLogContent? seals, int lanes)
    {
        (_files, _vault) = (files, vault);
        _work = seals is null ? [] : [.. Work(seals)];
        (_faults, _lanes) = (new string?[_work.Length], new PartCheck?[lanes]);
    }

    /// <summary>Files that there are to look at.</summary>
    public int Count => _work.Length;

    /// <summary>Files looked at; a merged one counts once.</summary>
    public int Files => _looked;

    /// <summary>Rows found in them.</summary>
    public long Rows => _lanes.Sum(lane => lane?.Rows ?? 0);

    /// <summary>What is wrong with those that were looked at.</summary>
    public IEnumerable<string> Faults => _faults.OfType<string>();

    /// <summary>Looks at one of the files.</summary>
    /// <param name="lane">Of the calling thread.</param>
    /// <param name="number">Its place among all, below <see cref="Count"/>.</param>
    public void Check(int lane, int number)
    {
        var (seal, file) = _work[number];
        var place = Now(seal, file);
        if (file.Fold is null && place.Fold is { } fold && !IsFirst(fold)) return;
        Interlocked.Increment(ref _looked);
        _faults[number] = (_lanes[lane] ??= new PartCheck(_files, _vault)).Fault(seal, place.Fold ?? place, isMerge: place.Fold is not null);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane?.Dispose();
    }

    /// <summary>Whether no lane looks yet at a file into which parts were merged since the seal log was read.</summary>
    private bool IsFirst(SealedFile fold)
    {
        lock (_merges) return _merges.Add(fold.Path);
    }

    /// <summary>
    /// The files of all seals, a merged one with the first seal that has rows in it; as far as an archive of the seal log can be read. Whoever checks the seals
    /// tells that it can't.
    /// </summary>
    private List<(SealEntry Seal, SealedFile File)> Work(SealLogContent seals)
    {
        var work = new List<(SealEntry, SealedFile)>();
        try
        {
            foreach (var seal in seals.All)
                foreach (var file in seal.Files)
                    if (file.Fold is not { } fold || _merges.Add(fold.Path)) work.Add((seal, file));
        }
        catch (DamagedException)
        {
            return work;
        }

        return work;
    }

    /// <summary>A part as it is now: it may have been merged since the seal log was read.</summary>
    private SealedFile Now(SealEntry seal, SealedFile file) =>
        file.Fold is not null || _files.FileExists(EntryPath.Absolute(_vault, file.Path)) ? file : SealLog.Read(_files, _vault).PlaceOf(seal, file);
}
