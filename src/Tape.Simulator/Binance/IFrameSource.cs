using Tape.Core.Values;

namespace Tape.Simulator.Binance;

/// <summary>Where data frames come from. Time is what the caller says; nothing here reads a clock. Guarded by the hub's lock.</summary>
internal interface IFrameSource
{
    /// <summary>The stream of a name exactly as subscribed, or null when there is none: then it is acknowledged and silent.</summary>
    BinanceStream? Find(string name);

    /// <summary>Starts or ends making frames of a stream.</summary>
    void SetActive(BinanceStream stream, bool active, UnixNanos now);

    /// <summary>Hands out all frames that are due up to now.</summary>
    void Advance(UnixNanos now, IFrameSink sink);

    /// <summary>Frames that were due and were not made, because the machine was too slow or asleep.</summary>
    long FramesLate { get; }
}

/// <summary>Takes the frames of a source.</summary>
internal interface IFrameSink
{
    /// <summary>Delivers one frame.</summary>
    /// <param name="stream">Its stream.</param>
    /// <param name="data">The payload; copied before the call returns.</param>
    /// <param name="isWhole">Whether the payload goes out as it is, never wrapped.</param>
    void Deliver(BinanceStream stream, ReadOnlySpan<byte> data, bool isWhole);
}
