using Tape.Derive.Activity;

namespace Tape.Api.Live;

/// <summary>How a vault looks at a moment.</summary>
/// <param name="Snapshot">What the end of the tape tells.</param>
/// <param name="Fault">Why the vault can't be read at present; null when it can.</param>
/// <param name="Gaps">What the gap ledger tells; null until it was read.</param>
/// <param name="GapsFault">Why the ledger could not be read when it was looked at last; null when it could.</param>
/// <param name="IsBehind">Whether the end of the tape was not reached yet, since the vault was opened or at the last look.</param>
public sealed record VaultStatus(ActivitySnapshot Snapshot, string? Fault, RecentGaps? Gaps, string? GapsFault, bool IsBehind = false);
