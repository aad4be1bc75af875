using System.Text;
using Tape.Core.Errors;
using Tape.Query.Engine;
using Tape.Query.Requests;
using Tape.Query.Snapshots;
using Tape.Storage.Schema;

namespace Tape.Query.Tests;

/// <summary>Parts that go to the archive between the snapshot and the opening of the files.</summary>
public sealed class ReplacedPartsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_question_whose_parts_were_replaced_is_asked_again(int times)
    {
        using var vault = new QueryFixture().Filled();
        var taken = 0;
        Assert.Equal($"n\n{vault.Sealed[RawSchema.Trades].Count + vault.Tail[RawSchema.Trades].Count}\n",
            Ask(vault, () => taken++ < times ? Outdated(vault.Snapshot) : vault.Snapshot));
        Assert.Equal(times + 1, taken);
    }

    [Fact]
    public void Parts_that_stay_missing_are_told()
    {
        using var vault = new QueryFixture().Filled();
        var taken = 0;
        Assert.ThrowsAny<TapeException>(() => Ask(vault, () => Outdated(vault.Snapshot, ++taken)));
        Assert.Equal(4, taken);
    }

    private static VaultSnapshot Outdated(VaultSnapshot snapshot, int number = 0) =>
        snapshot with { Files = [.. snapshot.Files.Select(file => file with { Path = $"{file.Path}.was{number}" })] };

    private static string Ask(QueryFixture vault, Func<VaultSnapshot> snapshots)
    {
        using var output = new MemoryStream();
        var request = new QueryRequest(vault.Vault, "SELECT count(*) n FROM trades", null, null, "csv", null, null, 1L << 28, 60, null);
        QueryRun.Answer(request, (_, _) => snapshots(), TimeProvider.System, output, _ => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
