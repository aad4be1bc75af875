using Tape.Candles.Closing;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Candles.Pipeline;

/// <summary>Takes the records of a tape to closed minutes: decoder, gap tracker and deriver together. Pure. Not thread-safe.</summary>
public sealed class CandleFollower
{
    private readonly RecordDecoder _records;
    private readonly GapTracker _gaps;
    private readonly CandleDeriver _deriver;

    /// <param name="state">From <see cref="SaveState"/>; null at the start of a tape.</param>
    /// <exception cref="DamagedException">The state can't be read.</exception>
    public CandleFollower(Func<string, IVenue?> venues, Func<string, string, double?> units, CandleFollowerState? state = null)
    {
        var gaps = state is null ? GapTrackerState.Start : GapTrackerState.Parse(state.Gaps);
        _gaps = new GapTracker(gaps, venues, CandleDeriver.Reads);
        _deriver = new CandleDeriver(_gaps, venues, units, state?.Candles);
        _records = new RecordDecoder(gaps.Derivation, venues);
        _records.Add(_gaps);
        _records.Add(_deriver);
    }

    /// <summary>The next record.</summary>
    public long NextSeq => _deriver.NextSeq;

    public void Take(in TapeRecord record) => _records.Take(record);

    /// <summary>What was derived since the last time.</summary>
    public CandleBatch TakeBatch() => _deriver.TakeBatch();

    /// <summary>The state after the last record taken in, once its batch was taken.</summary>
    public CandleFollowerState SaveState()
    {
        var gaps = _gaps.TakeBatch().State;
        _deriver.GapsTaken();
        return new(gaps, _deriver.SaveState());
    }
}

/// <summary>What a follower must know in order to go on.</summary>
/// <param name="Gaps">Of the gap tracker, JSON.</param>
/// <param name="Candles">Of the deriver, JSON.</param>
public sealed record CandleFollowerState(string Gaps, string Candles);
