using Tape.Venues.Rest;

namespace Tape.Sources.Rest;

/// <summary>A good answer.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Url">Where, without user names and passwords.</param>
/// <param name="Status">The HTTP status, 200 to 299.</param>
/// <param name="Body">As the venue sent it, HTTP's content coding undone.</param>
/// <param name="SentAt">Our wall clock right before the last try was sent.</param>
/// <param name="RoundTrip">From then to the answer's headers, on the monotonic clock.</param>
/// <param name="ReceivedAt">When the body was complete.</param>
/// <param name="Tries">Times that it was sent.</param>
public sealed record RestAnswer(RestRequest Request, string Url, int Status, ReadOnlyMemory<byte> Body, UnixNanos SentAt, TimeSpan RoundTrip,
    UnixNanos ReceivedAt, int Tries);
