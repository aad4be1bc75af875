using System.Runtime.ExceptionServices;

namespace Tape.Storage.Tapes;

/// <summary>One sync of a tape under way: made by the writer, run on any one thread, given back to the writer.</summary>
public sealed class TapeSync
{
    private readonly IFileHandle _file;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _hasRun;

    internal TapeSync(IFileHandle file, long toOffset, long toSeqExcl) => (_file, ToOffset, ToSeqExcl) = (file, toOffset, toSeqExcl);

    /// <summary>Whether <see cref="Run"/> has returned.</summary>
    public bool HasRun => _hasRun;

    internal long ToOffset { get; }

    internal long ToSeqExcl { get; }

    /// <summary>Waits for the disk. Never throws: the writer tells what went wrong when it gets this back.</summary>
    public void Run()
    {
        try
        {
            _file.Sync();
        }
        catch (Exception fault)
        {
            _failure = ExceptionDispatchInfo.Capture(fault);
        }

        _hasRun = true;
    }

    internal bool Uses(IFileHandle file) => ReferenceEquals(file, _file);

    internal void ThrowIfFailed()
    {
        if (!_hasRun) throw new InvalidOperationException("A sync was given back before it has run.");
        _failure?.Throw();
    }
}
