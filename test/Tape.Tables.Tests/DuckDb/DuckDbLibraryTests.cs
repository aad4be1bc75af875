using Tape.Tables.DuckDb;

namespace Tape.Tables.Tests.DuckDb;

public class DuckDbLibraryTests
{
    [Fact]
    public void An_output_folder_has_the_library_of_this_platform_and_no_other()
    {
        Assert.True(DuckDbLibrary.TryLoad(out var reason), reason);
        var libraries = Directory.GetFiles(AppContext.BaseDirectory, "*duckdb.*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".so" or ".dylib" || Path.GetFileName(path) == "duckdb.dll");
        Assert.Single(libraries);
    }
}
