using ChaosPS.Time;

namespace ChaosPS.Core.Tests.Time;

public sealed class VirtualClockTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly VirtualClock _clock = new(s_start);
    private readonly List<string> _log = [];

    private double Seconds => (_clock.GetUtcNow() - s_start).TotalSeconds;

    private Task Delay(double seconds, CancellationToken cancellationToken = default) =>
        _clock.DelayAsync(TimeSpan.FromSeconds(seconds), cancellationToken);

    private void Log(string what) => _log.Add($"{Seconds} {what}");

    /// <summary>A member that logs after each delay.</summary>
    private Task Member(string name, params double[] delays) => _clock.RunAsync(async () =>
    {
        foreach (var delay in delays)
        {
            await Delay(delay);
            Log(name);
        }
    });

    [Fact]
    public async Task A_delay_takes_no_real_time_and_moves_the_clock_exactly()
    {
        await Member("a", 3600, 0.5);
        Assert.Equal(["3600 a", "3600.5 a"], _log);
        Assert.Equal(s_start.AddSeconds(3600.5), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(3600.5), _clock.GetElapsedTime(s_start.UtcTicks));
    }

    [Fact]
    public async Task Time_stands_still_while_a_member_works_and_jumps_when_the_last_one_waits()
    {
        var work = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var working = _clock.RunAsync(async () =>
        {
            started.SetResult();
            await work.Task;
            Log("worked");
            await Delay(1);
            Log("waited");
        });
        var waiting = Member("other", 10);
        await started.Task;
        Assert.Equal(0, Seconds);
        Assert.False(waiting.IsCompleted);

        work.SetResult();
        await working;
        await waiting;
        Assert.Equal(["0 worked", "1 waited", "10 other"], _log);
    }

    [Fact]
    public async Task Equal_times_fire_in_the_order_of_creation_one_member_after_the_other()
    {
        await _clock.RunAsync(() => _clock.WhenAllAsync(
            [Member("a", 5, 5), Member("b", 5, 5), Member("c", 10), Member("d", 5, 0, 5)]));
        Assert.Equal(["5 a", "5 b", "5 d", "5 d", "10 c", "10 a", "10 b", "10 d"], _log);
    }

    [Fact]
    public async Task Whoever_waits_for_others_goes_on_at_the_time_when_the_last_of_them_ends()
    {
        var background = Task.CompletedTask;
        await _clock.RunAsync(async () =>
        {
            background = Member("background", 11, 11);
            await _clock.WhenAllAsync([Member("short", 5), Member("long", 10)]);
            Log("joined");
            await Delay(0.5);
            Log("went on");
            await Delay(1);
            Log("after background");
        });
        await background;
        Assert.Equal(["5 short", "10 long", "10 joined", "10.5 went on", "11 background", "11.5 after background", "22 background"], _log);
    }

    [Fact]
    public async Task Joins_may_be_nested_and_empty()
    {
        await _clock.RunAsync(async () =>
        {
            await _clock.WhenAllAsync([]);
            await _clock.WhenAllAsync([_clock.RunAsync(() => _clock.WhenAllAsync([Member("a", 1), Member("b", 2)])), Member("c", 3)]);
            Log("done");
        });
        Assert.Equal(["1 a", "2 b", "3 c", "3 done"], _log);
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_the_time_of_the_cancelling()
    {
        using var cancellation = new CancellationTokenSource();
        await _clock.RunAsync(async () =>
        {
            var waiting = _clock.RunAsync(() => Delay(100, cancellation.Token));
            await Delay(3);
            await cancellation.CancelAsync();
            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.WhenAllAsync([waiting]));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        });
        Assert.Equal(3, Seconds);

        // The timer of the cancelled wait is gone: nothing jumps there.
        await Member("later", 1);
        Assert.Equal(["4 later"], _log);
    }

    [Fact]
    public async Task A_cancelled_token_ends_a_wait_before_it_begins()
    {
        await _clock.RunAsync(async () =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Delay(5, new CancellationToken(canceled: true)));
            await Delay(1);
        });
        Assert.Equal(1, Seconds);
    }

    [Fact]
    public async Task A_hanging_call_ends_with_the_time_out_of_its_caller()
    {
        await _clock.RunAsync(async () =>
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
            var other = Member("other", 10, 10, 10, 10);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _clock.HangAsync(timeout.Token));
            Log("gave up");
            await _clock.WhenAllAsync([other]);
        });
        Assert.Equal(["10 other", "20 other", "30 gave up", "30 other", "40 other"], _log);
    }

    [Fact]
    public async Task A_time_out_that_is_not_needed_does_not_move_the_clock()
    {
        using (var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock))
        {
            await _clock.RunAsync(() => Delay(1, timeout.Token));
        }

        Assert.Equal(1, Seconds);
        await Member("a", 1);
        Assert.Equal(2, Seconds);
    }

    [Fact]
    public async Task Waiting_without_being_a_member_is_an_error_and_does_no_harm()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Delay(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clock.HangAsync(default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _clock.WhenAllAsync([Task.CompletedTask]));
        await Member("a", 1);
        Assert.Equal(["1 a"], _log);
    }

    [Fact]
    public async Task A_member_that_fails_leaves_the_clock_to_the_others()
    {
        await _clock.RunAsync(async () =>
        {
            var failing = _clock.RunAsync(async () =>
            {
                await Delay(2);
                throw new InvalidDataException();
            });
            var atOnce = _clock.RunAsync(() => throw new InvalidDataException());
            await _clock.WhenAllAsync([Member("other", 10)]);
            Assert.True(failing.IsFaulted && atOnce.IsFaulted);
        });
        Assert.Equal(["10 other"], _log);
    }

    [Fact]
    public async Task A_failure_passes_through_a_join()
    {
        await _clock.RunAsync(async () =>
        {
            var failing = _clock.RunAsync(async () =>
            {
                await Delay(1);
                throw new InvalidDataException();
            });
            await Assert.ThrowsAsync<InvalidDataException>(() => _clock.WhenAllAsync([failing, Member("a", 4)]));
            Log("caught");
            await Delay(1);
        });
        Assert.Equal(["4 a", "4 caught"], _log);
        Assert.Equal(5, Seconds);
    }

    [Fact]
    public async Task By_hand_time_moves_only_while_nobody_works_and_fires_what_falls_due()
    {
        using var periodic = _clock.CreateTimer(_ => Log("tick"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        using var once = _clock.CreateTimer(_ => Log("once"), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(["2 tick", "5 once", "5 tick", "8 tick"], _log);
        Assert.True(periodic.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(16, Seconds);
        Assert.Equal(4, _log.Count);
        await _clock.RunAsync(() =>
        {
            Assert.Throws<InvalidOperationException>(() => _clock.Advance(TimeSpan.FromSeconds(1)));
            return Task.CompletedTask;
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Without_members_time_stands_still()
    {
        await Member("a", 1);
        using var timer = _clock.CreateTimer(_ => Log("tick"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await Task.Yield();
        Assert.Equal(["1 a"], _log);
    }

    [Fact]
    public async Task A_callback_that_fails_fails_the_wait_that_fired_it_and_does_not_stop_the_clock()
    {
        using var broken = _clock.CreateTimer(_ => throw new InvalidDataException(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAsync<InvalidDataException>(() => Member("a", 5));
        await Member("b", 5);
        Assert.Equal(["6 b"], _log);
    }

    [Fact]
    public async Task Many_members_make_the_same_run_every_time()
    {
        List<string>? first = null;
        for (var run = 0; run < 20; run++)
        {
            var clock = new VirtualClock(s_start);
            List<string> log = [];
            await clock.RunAsync(() => clock.WhenAllAsync(Enumerable.Range(0, 20).Select(member => clock.RunAsync(async () =>
            {
                var chance = new Random(member);
                for (var i = 0; i < 20; i++)
                {
                    await clock.DelayAsync(TimeSpan.FromSeconds(chance.Next(4)), CancellationToken.None);
                    log.Add($"{clock.GetUtcNow():T} {member}");
                }
            })).ToArray()));
            Assert.Equal(400, log.Count);
            Assert.Equal(log.Select(line => line[..8]), log.Select(line => line[..8]).Order());
            first ??= log;
            Assert.Equal(first, log);
        }
    }
}
