using Tape.Core.Files;
using Tape.Storage.Files;
using Tape.TestKit.Files;

namespace Tape.Storage.Tests.Files;

public sealed class DiskFilesTests : FilesContract
{
    protected override IFiles Create(string folder) => DiskFiles.Instance;
}

public sealed class FaultyFilesContractTests : FilesContract
{
    protected override IFiles Create(string folder) => new FaultyFiles(folder, seed: 1);
}

public sealed class WindowsFilesContractTests : FilesContract
{
    protected override IFiles Create(string folder) => new WindowsFiles(DiskFiles.Instance);
}
