using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Proofs;
using Xunit.Abstractions;

namespace Tape.CrashTests.Answers;

/// <summary>
/// The answers log, cut at its n-th file operation for every n: what was said to be durable is there, whole, in order, once; nothing has to be mended by hand.
/// </summary>
public sealed class AnswersCutEverywhereTests(ITestOutputHelper output)
{
    private const int Answers = 8;
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(1));

    [Theory]
    [InlineData(Fault.Error)]
    [InlineData(Fault.ShortWrite)]
    [InlineData(Fault.Torn)]
    [InlineData(Fault.Crash)]
    [InlineData(Fault.DiskFull)]
    public void Every_answer_that_was_taken_survives(Fault fault)
    {
        var seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        foreach (var number in ProofShare.Current.Numbers())
        {
            using var root = new TemporaryFolder();
            var files = new FaultyFiles(root.Path, seed + number);
            files.FailAt(number, fault);
            var taken = Write(files, root["vault"], seed);
            Check(root["vault"], taken, $"{fault} at operation {number}, seed {seed}");
            if (files.Operations < number) break;
        }
    }

    /// <summary>Writes until all are taken, opening again after each failure.</summary>
    private static List<int> Write(FaultyFiles files, string vault, int seed)
    {
        var taken = new List<int>();
        for (var tries = 0; taken.Count < Answers; tries++)
        {
            Assert.InRange(tries, 0, 4);
            try
            {
                using var writer = AnswersWriter.Open(files, vault, TimeProvider.System, new Random(seed), Owner);
                while (taken.Count < Answers)
                {
                    writer.Append(new AnswerHead("binance", "instruments", "https://venue.test/", 200, taken.Count, taken.Count), Body(taken.Count));
                    taken.Add(taken.Count);
                }
            }
            catch (CrashException)
            {
                files.Restart();
            }
            catch (Exception fault) when (fault is IOException or WriterBrokenException or DiskFullException)
            {
                files.FreeSpace();
            }
        }
        return taken;
    }

    /// <summary>
    /// An append that failed may have reached the log and is then written again: the same answer may stand there twice, but no other order and no other bytes.
    /// </summary>
    private static void Check(string vault, List<int> taken, string context)
    {
        var read = AnswersLog.Read(TestDisk.Files, vault).Select(answer => (Number: (int)answer.Head.SentAt, Body: answer.Body())).ToList();
        Assert.True(read.Select(answer => answer.Number).Distinct().SequenceEqual(taken),
            $"{string.Join(' ', read.Select(answer => answer.Number))}: {context}");
        Assert.True(read.Count <= taken.Count + 1, context);
        foreach (var (number, body) in read) Assert.True(Body(number).AsSpan().SequenceEqual(body), $"body {number}: {context}");
        Assert.True(TapeVerifier.Run(TestDisk.Files, AnswersLog.Folder(vault)).IsGood, context);
    }

    private static byte[] Body(int number)
    {
        var body = new byte[number % 2 == 0 ? 300 : 9000];
        new Random(number).NextBytes(body.AsSpan(body.Length / 2));
        return body;
    }
}
