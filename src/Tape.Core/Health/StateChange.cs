using Tape.Core.Values;

namespace Tape.Core.Health;

/// <summary>The state of a recorder changed.</summary>
/// <param name="At">When, by the recorder's clock.</param>
/// <param name="From">The state until then.</param>
/// <param name="To">The state from then on.</param>
public sealed record StateChange(UnixNanos At, StateReport From, StateReport To);
