using System.Security.Cryptography;
using Tape.Storage.Files;
using Tape.Storage.Vaults;

namespace Tape.Host;

/// <summary>Marks folders as vaults, with ids from the system's secure random numbers.</summary>
public static class VaultMarking
{
    /// <inheritdoc cref="VaultMarker.Ensure"/>
    public static void Ensure(string vault) => VaultMarker.Ensure(DiskFiles.Instance, vault, TimeProvider.System, Chance());

    /// <inheritdoc cref="VaultMarker.Adopt"/>
    public static bool Adopt(string vault) => VaultMarker.Adopt(DiskFiles.Instance, vault, TimeProvider.System, Chance());

    private static Random Chance() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
