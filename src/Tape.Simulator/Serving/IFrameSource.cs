namespace Tape.Simulator.Serving;

/// <summary>Where data frames come from. Time is what the caller says; nothing here reads a clock. Guarded by the hub's lock.</summary>
internal interface IFrameSource
{
    /// <summary>The stream of a name exactly as subscribed, or null when there is none.</summary>
    SimulatedStream? Find(string name);

    /// <summary>Starts or ends making frames of a stream.</summary>
    void SetActive(SimulatedStream stream, bool active, UnixNanos now);

    /// <summary>Hands out all frames that are due up to now.</summary>
    void Advance(UnixNanos now, IFrameSink sink);

    /// <summary>Hands out what a new subscriber of an active stream gets before anything else: the state that the frames to come change.</summary>
    void Greet(SimulatedStream stream, UnixNanos now, IFrameSink subscriber)
    {
    }

    /// <summary>The venue's books begin again, as after a restart of its service.</summary>
    void Restart()
    {
    }

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
    void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole);
}
