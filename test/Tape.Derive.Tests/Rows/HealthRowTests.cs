using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Tables;

namespace Tape.Derive.Tests.Rows;

public sealed class HealthRowTests
{
    [Fact]
    public void Notes_of_the_recorder_about_itself_become_rows_of_health_and_nothing_else()
    {
        var deriver = new RowDeriver(DerivationState.Start, Support.Venue);
        Take(deriver, 7, new StateNote("OFFLINE")
        {
            State = "DEGRADED",
            Since = 5,
            Why = ["a stream is silent", "drops"],
            Advice = ["Look.", "Wait."],
            UptimeNanos = 1_500_000_000,
            Frames = 10,
            FrameBytes = 200,
            Dropped = 3,
            QueueUtilization = 0.25,
            Connections = 4,
            ConnectionsOpen = 3,
            Streams = new(1, 2, 3, 4, 5, 6),
            FreeBytes = 99,
            ClockOffsetNanos = -8,
        });
        Take(deriver, 8, new HeartbeatNote(30) { State = "READY", Since = 6 });
        Take(deriver, 9, new StoppedNote("over"));
        Assert.Equal(
            [
                "health 1007 NULL 1007 'tape' 'recorder' 0 7 0 'state' 'DEGRADED' 'OFFLINE' 5 'a stream is silent; drops' 'Look. Wait.' 1.5 10 200 3 0.25 4 3 "
                    + "1 2 3 4 5 6 99 -8",
                "health 1008 NULL 1008 'tape' 'recorder' 0 8 0 'heartbeat' 'READY' NULL 6 NULL NULL 0 0 0 0 0 0 0 0 0 0 0 0 0 NULL NULL",
            ],
            RowLines.Of(deriver.Rows));
        Assert.Equal(2, deriver.Rows.Rows);
    }

    private static void Take(RowDeriver deriver, long seq, Note note) =>
        deriver.Take(new TapeRecord(seq, RecordKind.Note, 0, new UnixNanos(1000 + seq), note.ToJson()));
}
