using System.Text;

namespace Tape.Api.Tests.Support;

/// <summary>Answers questions as a test says, without any process.</summary>
internal sealed class ScriptedQueries : IQueryRunner
{
    /// <summary>What was asked last.</summary>
    public ApiQuestion? Asked { get; private set; }

    /// <summary>Works a question out.</summary>
    public Func<ApiQuestion, CancellationToken, Task<string>> Answer { get; set; } = (_, _) => Task.FromResult("[]\n");

    /// <summary>Answers that were given out and not disposed of.</summary>
    public int Open { get; private set; }

    public async Task<IQueryAnswer> RunAsync(ApiQuestion question, CancellationToken cancel)
    {
        Asked = question;
        var bytes = Encoding.UTF8.GetBytes(await Answer(question, cancel));
        Open++;
        return new Text(bytes, () => Open--);
    }

    private sealed class Text(byte[] bytes, Action disposed) : IQueryAnswer
    {
        public long Bytes => bytes.Length;

        public Stream Open() => new MemoryStream(bytes, writable: false);

        public void Dispose() => disposed();
    }
}
