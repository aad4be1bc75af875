using Tape.Simulator.Faults;

namespace Tape.Simulator.Tests.Faults;

public class FaultScriptTests
{
    [Fact]
    public void Every_form_of_a_line_is_read()
    {
        var rules = FaultScript.Parse("""
            # a comment
            5s cut conn=public
            at 1m stall for=500ms   # another
            every 10s drop n=3 stream=btcusdt@aggTrade
            frame 1000 cut-inside
            every 100 frames duplicate n=2
            garbage kind=binary
            0.5s refuse for=3s status=429 retry=7
            skew by=-1.5s for=1h
            rest status=503 path=/fapi/v1/time
            mute for=7m stream=btcusdt@aggTrade
            ignore over=4096 for=1h
            unanswered conn=linear
            """).Rules;
        Assert.Equal([FaultKind.Cut, FaultKind.Stall, FaultKind.Drop, FaultKind.CutInside, FaultKind.Duplicate, FaultKind.Garbage, FaultKind.Refuse,
            FaultKind.Skew, FaultKind.Rest, FaultKind.Mute, FaultKind.Ignore, FaultKind.Unanswered], rules.Select(rule => rule.Kind));
        Assert.Equal((2, "public", TimeSpan.FromSeconds(5)), (rules[0].Line, rules[0].Connection, rules[0].When.After));
        Assert.Equal(TimeSpan.FromMilliseconds(500), rules[1].Duration);
        Assert.Equal((3, "btcusdt@aggTrade", true), (rules[2].Count, rules[2].Stream, rules[2].When.Repeats));
        Assert.True(rules[3].When.IsFrame(1000) && !rules[3].When.IsFrame(2000) && rules[4].When.IsFrame(200) && !rules[4].When.IsFrame(201));
        Assert.Equal(GarbageKind.Binary, rules[5].Garbage);
        Assert.Equal((TimeSpan.FromSeconds(-1.5), "/fapi/v1/time"), (rules[7].By, rules[8].Path));
        Assert.Equal((TimeSpan.FromMinutes(7), "btcusdt@aggTrade"), (rules[9].Duration, rules[9].Stream));
        Assert.Equal((4096, "linear"), (rules[10].Count, rules[11].Connection));
        Assert.Equal((429, 7, TimeSpan.FromSeconds(0.5)), (rules[6].Status, rules[6].RetryAfterSeconds, rules[6].When.After));
    }

    [Fact]
    public void All_faults_of_a_script_are_listed_with_their_lines()
    {
        var fault = Assert.Throws<FaultScriptException>(() =>
            FaultScript.Parse("5s\n5x cut\nat 2s explode\nevery 0s cut\n\ncut n=3\ndrop n=0\nframe 0 cut\nframe 3 refuse\nstall for=\ngarbage kind=3\ncut "
            + "conn=a conn=b"));
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12],
            fault.Faults.Select(text => int.Parse(text.Split(':')[0]["line ".Length..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_parser_given_noise_lists_faults_and_never_fails_otherwise()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] words = ["5s", "at", "every", "frame", "frames", "cut", "drop", "n=3", "for=2s", "=", "n=", "=3", "#", "-1s", "9e9s", "99999999999999999999s",
            "1000", "conn=public", "每"];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)]));
            var thrown = Record.Exception(() => FaultScript.Parse(text));
            Assert.True(thrown is null or FaultScriptException, $"seed {seed}: '{text}' gave {thrown}");
        }
    }

    [Fact]
    public void A_late_schedule_does_a_repeated_fault_once_and_keeps_its_grid()
    {
        var schedule = new FaultSchedule(FaultScript.Parse("every 10s cut\n5s stall\nframe 3 drop"));
        Assert.Empty(schedule.Due(TimeSpan.FromSeconds(4)));
        Assert.Single(schedule.Due(TimeSpan.FromSeconds(5)));
        Assert.Single(schedule.Due(TimeSpan.FromSeconds(35)));
        Assert.Empty(schedule.Due(TimeSpan.FromSeconds(39)));
        Assert.Single(schedule.Due(TimeSpan.FromSeconds(40)));
        Assert.Single(schedule.FrameRules);
    }
}
