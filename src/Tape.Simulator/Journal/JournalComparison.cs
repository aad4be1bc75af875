namespace Tape.Simulator.Journal;

/// <summary>
/// Proves, frame by frame, that a recorder accounted for all that one connection sent it: each message is stored at its place, or declared dropped
/// there. Where the two sides part, it looks up to <see cref="ResyncMax"/> messages ahead for the stored frame and reports what lies between.
/// </summary>
public static class JournalComparison
{
    /// <summary>How many sent messages ahead a stored frame is looked for before it counts as never sent.</summary>
    public const int ResyncMax = 100_000;

    /// <summary>Faults that are described; further ones are only counted.</summary>
    public const int MismatchesMax = 100;

    /// <summary>Compares one connection of the journal with what was stored of it, both in order.</summary>
    public static ComparisonResult Compare(JournalConnection connection, IEnumerable<StoredItem> stored)
    {
        var walk = new Walk([.. connection.Entries.Where(entry => entry.IsMessage)]);
        foreach (var item in stored)
        {
            if (item.Dropped > 0) walk.Drop(item.Dropped);
            else walk.Frame(item);
        }
        return walk.Finish();
    }

    private sealed class Walk(JournalEntry[] sent)
    {
        private readonly List<string> _mismatches = [];
        private Dictionary<(ulong Hash, int Length), List<int>>? _places;
        private long _next, _stored, _matched, _dropped, _missing, _unexpected;

        public void Drop(long frames)
        {
            var known = Math.Min(frames, sent.Length - _next);
            if (known < frames) Report($"message {_next}: {frames} are declared dropped, but only {known} were sent from here on");
            (_dropped, _next, _unexpected) = (_dropped + known, _next + known, _unexpected + frames - known);
        }

        public void Frame(StoredItem item)
        {
            _stored++;
            var found = Find(item);
            if (found < 0)
            {
                _unexpected++;
                Report($"stored frame {_stored - 1} ({item.Length} bytes, hash {item.Hash:x16}) was not sent at or after message {_next}");
                return;
            }
            if (found > _next) Report($"messages {_next} to {found - 1} are neither stored nor declared dropped; the first was sent at {sent[_next].SentAt}");
            (_missing, _matched, _next) = (_missing + found - _next, _matched + 1, found + 1);
        }

        public ComparisonResult Finish() => new(
            sent.Length, _stored, _matched, _dropped, _missing, _unexpected, Array.ConvertAll(sent[(int)_next..], entry => entry.SentAt), _mismatches);

        private long Find(StoredItem item)
        {
            if (_next < sent.Length && sent[_next].Hash == item.Hash && sent[_next].Length == item.Length) return _next;
            _places ??= Places();
            if (!_places.TryGetValue((item.Hash, item.Length), out var places)) return -1;
            var first = places.BinarySearch((int)_next);
            if (first < 0) first = ~first;
            return first < places.Count && places[first] < _next + ResyncMax ? places[first] : -1;
        }

        /// <summary>Where each frame was sent, in rising order; made at the first fault only.</summary>
        private Dictionary<(ulong Hash, int Length), List<int>> Places()
        {
            var places = new Dictionary<(ulong, int), List<int>>();
            for (var i = 0; i < sent.Length; i++)
            {
                if (!places.TryGetValue((sent[i].Hash, sent[i].Length), out var list)) places.Add((sent[i].Hash, sent[i].Length), list = []);
                list.Add(i);
            }
            return places;
        }

        private void Report(FormattableString what)
        {
            if (_mismatches.Count < MismatchesMax) _mismatches.Add(what.ToString(CultureInfo.InvariantCulture));
        }
    }
}
