using System.CommandLine;
using Tape.Venues;

namespace Tape.Cli.Options;

/// <summary>The option <c>--venue</c>, with the venues that exist.</summary>
internal static class VenueOption
{
    /// <param name="otherwise">The venue when none is given; without it the option is required.</param>
    public static Option<string> Create(string? otherwise = null)
    {
        var option = new Option<string>("--venue") { Description = "Whose frames they are.", Required = otherwise is null };
        if (otherwise is not null) option.DefaultValueFactory = _ => otherwise;
        option.AcceptOnlyFromAmong([.. VenueCatalog.All.Select(venue => venue.Name)]);
        return option;
    }
}
