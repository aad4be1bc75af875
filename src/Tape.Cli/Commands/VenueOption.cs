using System.CommandLine;
using Tape.Venues;

namespace Tape.Cli.Commands;

/// <summary>The option <c>--venue</c>, with the venues that exist.</summary>
internal static class VenueOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--venue") { Description = "Whose frames they are.", Required = true };
        option.AcceptOnlyFromAmong([.. VenueCatalog.All.Select(venue => venue.Name)]);
        return option;
    }
}
