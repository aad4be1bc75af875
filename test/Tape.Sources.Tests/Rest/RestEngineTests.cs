using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tape.Core.Values;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;
using Tape.Venues.Rest;

namespace Tape.Sources.Tests.Rest;

public sealed class RestEngineTests
{
    [Fact]
    public async Task An_answer_comes_with_its_exact_body_and_times_and_without_user_names()
    {
        using var rig = new EngineRig(endpoint: "https://user:secret@venue.test/base/");
        rig.Handler.Answer(200, "{\"ü\":1}");
        var answer = (await rig.SendAsync()).Answer!;
        Assert.Equal(("https://venue.test/base/fapi/v1/ping?a=1", 200, "{\"ü\":1}", 1),
            (answer.Url, answer.Status, Encoding.UTF8.GetString(answer.Body.Span), answer.Tries));
        Assert.True(answer.ReceivedAt.Value >= answer.SentAt.Value + answer.RoundTrip.Ticks * 100);
    }

    [Fact]
    public async Task What_passes_is_tried_again_a_few_times_after_growing_waits()
    {
        using var rig = new EngineRig();
        rig.Handler.Throw(new HttpRequestException("refused")).Answer(502, "<html>").Answer(200, "cut").Answer(200, "whole");
        var answer = (await rig.SendAsync(fault: body => body.Length < 5 ? "too short" : null)).Answer!;
        Assert.Equal(4, answer.Tries);
        var gaps = rig.Gaps.ToList();
        Assert.InRange(gaps[0], 0.25, 0.75);
        Assert.InRange(gaps[1], 0.5, 1.25);
        Assert.InRange(gaps[2], 1, 2.25);
    }

    [Fact]
    public async Task Tries_end_at_their_limit_and_the_last_reason_is_told()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(503, "{\"code\":-1000,\"msg\":\"Unknown error\"}");
        var failure = (await rig.SendAsync()).Failure!;
        Assert.Equal((RestFailureKind.ServerTrouble, 4), (failure.Kind, rig.Handler.Requests.Count));
        Assert.Contains("answered 503: Unknown error (code -1000), expected 200", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, RestFailureKind.Refused)]
    [InlineData(404, RestFailureKind.Refused)]
    [InlineData(301, RestFailureKind.Refused)]
    [InlineData(418, RestFailureKind.Banned)]
    [InlineData(451, RestFailureKind.RegionBlocked)]
    public async Task What_a_second_try_would_not_change_is_asked_once(int status, RestFailureKind kind)
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(status);
        var failure = (await rig.SendAsync()).Failure!;
        Assert.Equal((kind, 1), (failure.Kind, rig.Handler.Requests.Count));
        Assert.NotEmpty(failure.Hint);
    }

    [Fact]
    public async Task Too_many_requests_waits_as_long_as_the_venue_says_and_no_request_goes_out_meanwhile()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(429, with: RetryAfter(30)).Answer(200);
        Assert.NotNull((await rig.SendAsync()).Answer);
        Assert.InRange(Assert.Single(rig.Gaps), 30, 30.5);
    }

    [Fact]
    public async Task A_longer_wait_than_a_request_may_take_fails_at_once_and_nothing_is_sent_until_it_is_over()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(429, with: RetryAfter(300)).Answer(200);
        for (var asked = 0; asked < 3; asked++)
        {
            var failure = (await rig.SendAsync()).Failure!;
            Assert.Equal(RestFailureKind.TooMany, failure.Kind);
            Assert.InRange(failure.NotBefore!.Value.Since(UnixNanos.From(rig.Handler.Requests[0].At)).TotalSeconds, 300, 300.5);
        }

        Assert.Single(rig.Handler.Requests);
        rig.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.NotNull((await rig.SendAsync()).Answer);
    }

    [Fact]
    public async Task A_ban_is_waited_out_however_often_one_asks()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(418, "{\"code\":-1003,\"msg\":\"banned\"}", RetryAfter(7200)).Answer(200);
        for (var hour = 0; hour < 11; hour++)
        {
            Assert.Equal(RestFailureKind.Banned, (await rig.SendAsync()).Failure!.Kind);
            rig.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Single(rig.Handler.Requests);
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.NotNull((await rig.SendAsync()).Answer);
    }

    [Fact]
    public async Task A_retry_time_as_a_date_is_understood_and_an_absurd_one_is_cut()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(429, with: answer => answer.Headers.RetryAfter = new RetryConditionHeaderValue(rig.Time.GetUtcNow().AddSeconds(20)))
            .Answer(418, with: RetryAfter(1_000_000_000));
        var failure = (await rig.SendAsync()).Failure!;
        Assert.InRange(Assert.Single(rig.Gaps), 18, 20.5);
        Assert.InRange(failure.NotBefore!.Value.Since(UnixNanos.From(rig.Handler.Requests[1].At)).TotalDays, 3, 3.01);
    }

    [Fact]
    public async Task Weight_is_spent_up_to_the_minutes_limit_then_the_next_minute_is_waited_for()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(200);
        var heavy = new RestRequest("heavy", "/x", 500);
        for (var sent = 0; sent < 3; sent++) Assert.NotNull((await rig.SendAsync(heavy)).Answer);
        Assert.InRange(rig.Gaps.First(), 0, 1);
        Assert.Equal((1, 1), (rig.Handler.Requests[2].At.Minute, rig.Handler.Requests[2].At.Second));
    }

    [Fact]
    public async Task The_venues_own_count_counts()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(200, with: answer => answer.Headers.Add("X-MBX-USED-WEIGHT-1M", "1200")).Answer(200);
        await rig.SendAsync();
        await rig.SendAsync();
        Assert.Equal((1, 1), (rig.Handler.Requests[1].At.Minute, rig.Handler.Requests[1].At.Second));
    }

    [Fact]
    public async Task The_breaker_opens_after_failures_in_a_row_lets_one_try_through_and_closes_when_that_is_good()
    {
        using var rig = new EngineRig();
        rig.Handler.Throw(new HttpRequestException("down"));
        await rig.SendAsync();
        Assert.Equal(RestFailureKind.BreakerOpen, (await rig.SendAsync()).Failure!.Kind);
        Assert.Equal(5, rig.Handler.Requests.Count);
        Assert.Equal(RestFailureKind.BreakerOpen, (await rig.SendAsync()).Failure!.Kind);
        rig.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(RestFailureKind.BreakerOpen, (await rig.SendAsync()).Failure!.Kind);
        Assert.Equal(6, rig.Handler.Requests.Count);
        rig.Time.Advance(TimeSpan.FromSeconds(31));
        await rig.SendAsync();
        Assert.Equal(6, rig.Handler.Requests.Count);
        rig.Handler.Answer(200);
        rig.Time.Advance(TimeSpan.FromSeconds(31));
        await rig.SendAsync();
        Assert.Equal(7, rig.Handler.Requests.Count);
        rig.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.NotNull((await rig.SendAsync()).Answer);
        Assert.NotNull((await rig.SendAsync()).Answer);
    }

    [Fact]
    public async Task A_venue_that_says_nothing_is_given_up_after_the_time_limit()
    {
        using var rig = new EngineRig(new RestEngineOptions { TriesMax = 1 });
        rig.Handler.Hang();
        var failure = (await rig.SendAsync()).Failure!;
        Assert.Equal(RestFailureKind.TooSlow, failure.Kind);
        Assert.Contains("within 15 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_limit_is_not_taken_whether_its_length_is_announced_or_not(bool isAnnounced)
    {
        using var rig = new EngineRig(new RestEngineOptions { BodyBytesMax = 1000 });
        rig.Handler.Answer((_, _) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = isAnnounced
            ? new ByteArrayContent(new byte[1001]) : new StreamContent(new UnknownLength(1001))
            }));
        var failure = (await rig.SendAsync()).Failure!;
        Assert.Equal((RestFailureKind.TooLong, 1), (failure.Kind, rig.Handler.Requests.Count));
    }

    [Fact]
    public async Task Cancelling_ends_a_wait()
    {
        using var rig = new EngineRig();
        rig.Handler.Answer(429, with: RetryAfter(60));
        using var cancel = new CancellationTokenSource();
        var sending = rig.Engine.SendAsync(EngineRig.Request, _ => null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_the_venue_misbehaves_it_is_never_hammered(int seed)
    {
        using var rig = new EngineRig(seed: seed);
        var chance = new Random(seed);
        rig.Handler.Answer((_, _) => Task.FromResult(
            new HttpResponseMessage((HttpStatusCode)(chance.Next(4) switch { 0 => 429, 1 => 500, 2 => 418, _ => 403 }))));
        var began = rig.Time.GetUtcNow();
        for (var asked = 0; asked < 40; asked++)
        {
            await rig.SendAsync();
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var minutes = (rig.Time.GetUtcNow() - began).TotalMinutes;
        Assert.True(rig.Handler.Requests.Count <= 8 + minutes * 4, $"{rig.Handler.Requests.Count} requests in {minutes:0.0} minutes, seed {seed}");
    }

    private static Action<HttpResponseMessage> RetryAfter(int seconds) =>
        answer => answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));

    /// <summary>A stream that does not tell its length.</summary>
    private sealed class UnknownLength(int bytes) : Stream
    {
        private int _left = bytes;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, _left);
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
