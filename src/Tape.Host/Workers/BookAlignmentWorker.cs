using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tape.Host.Configuration;
using Tape.Sources.Books;
using Tape.Sources.Rest;
using Tape.Venues.Books;

namespace Tape.Host.Workers;

/// <summary>The questions of a server about books, to each venue that answers them. Whatever happens to it, the server goes on.</summary>
public sealed class BookAlignmentWorker(TapeConfig config, IUnalignedBooks books, ILogger log, TimeProvider time)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (!config.AlignBooks) return;
        using var handler = RestHandler.Create(config.Recorder.Network);
        var chance = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        await Task.WhenAll(config.Venues.Where(IsAsked).Select(settings => RunAsync(settings, handler, new Random(chance.Next()), stop)));
    }

    /// <summary>Without a known REST address the books of a venue wait, and say so.</summary>
    private static bool IsAsked(VenueSettings settings) => settings is { Venue.Rest: not null, RestAddress: not null };

    private async Task RunAsync(VenueSettings settings, HttpMessageHandler handler, Random chance, CancellationToken stop)
    {
        var (name, rest) = (settings.Venue.Name, settings.Venue.Rest!);
        using var engine = new RestEngine(name, settings.RestAddress!, rest, handler, BookAligner.EngineOptions, time, chance);
        await Worker.RunVenueAsync(name, () => new BookAligner(name, rest, engine, books, time).RunAsync(stop), "books_broken",
            "Recording and answers go on; books of this venue that need its REST side stay unaligned until the server starts again.", log);
    }
}
