using System.Security.Cryptography;
using System.Text;
using Tape.Core.Logging;

namespace Tape.SimulationTests;

/// <summary>Keeps of a log what tells whether another one is the same.</summary>
/// <param name="root">The folder of the simulation, which is another one each time; it counts for nothing.</param>
internal sealed class LogDigest(string root) : ILogSink
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Value => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Write(ReadOnlySpan<byte> line) =>
        _hash.AppendData(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line).Replace(root, "", StringComparison.Ordinal)));
}
