using ChaosPS.Time;

namespace ChaosPS.Core.Tests.Time;

/// <summary>A running clock; a virtual one that is moved by hand stands for the machine's.</summary>
public sealed class RunningClockTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly VirtualClock _real = new(DateTimeOffset.UnixEpoch);
    private readonly RunningClock _clock;

    public RunningClockTests() => _clock = new RunningClock(s_start, speed: 10, _real);

    private TimeSpan Elapsed => _clock.GetUtcNow() - s_start;

    [Fact]
    public void It_runs_at_its_speed()
    {
        _real.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(30), Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.GetElapsedTime(s_start.UtcTicks));
    }

    [Fact]
    public void A_timer_fires_when_it_is_due_and_once()
    {
        var fired = new List<TimeSpan>();
        using var timer = _clock.CreateTimer(_ => fired.Add(Elapsed), null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Empty(fired);
        _real.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([TimeSpan.FromSeconds(30)], fired);
    }

    [Fact]
    public void A_timer_never_fires_before_it_is_due()
    {
        var clock = new RunningClock(s_start, speed: 3, _real);
        var due = TimeSpan.FromMilliseconds(100);
        var fired = TimeSpan.Zero;
        using var timer = clock.CreateTimer(_ => fired = clock.GetUtcNow() - s_start, null, due, Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(fired, due, due + TimeSpan.FromMilliseconds(3));
    }

    [Fact]
    public void A_periodic_timer_keeps_its_period_and_does_not_make_up_for_a_jump()
    {
        var fired = new List<double>();
        using var timer = _clock.CreateTimer(_ => fired.Add(Elapsed.TotalSeconds), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

        _real.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([10, 30, 50], fired);
        _clock.Advance(TimeSpan.FromSeconds(100));
        _real.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([10, 30, 50, 150, 170], fired);
    }

    [Fact]
    public void Moving_it_ahead_fires_what_falls_due_on_the_way()
    {
        var fired = new List<string>();
        using var near = _clock.CreateTimer(_ => fired.Add("near"), null, TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);
        using var far = _clock.CreateTimer(_ => fired.Add("far"), null, TimeSpan.FromMinutes(50), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromMinutes(10));
        _real.Advance(TimeSpan.Zero);
        Assert.Equal(["near"], fired);
        Assert.Equal(TimeSpan.FromMinutes(10), Elapsed);

        _real.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(["near", "far"], fired);
    }

    [Fact]
    public void A_timer_that_was_changed_or_disposed_does_not_fire()
    {
        var fired = 0;
        var disposed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var changed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        changed.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromHours(1));
        _real.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, fired);
    }

    [Fact]
    public void A_wait_longer_than_any_timer_of_the_machine_ends_in_time()
    {
        var clock = new RunningClock(s_start, RunningClock.MinSpeed, _real);
        var fired = TimeSpan.Zero;
        using var timer = clock.CreateTimer(_ => fired = clock.GetUtcNow() - s_start, null, TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);

        _real.Advance(TimeSpan.FromDays(101));
        Assert.Equal(TimeSpan.FromDays(1), fired);
    }

    [Fact]
    public async Task Waiting_and_time_outs_go_by_it()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20), _clock);
        var pause = _clock.RunAsync(() => _clock.DelayAsync(TimeSpan.FromSeconds(10), timeout.Token));
        var hang = _clock.DelayAsync(TimeSpan.FromHours(1), timeout.Token);
        Assert.False(pause.IsCompleted);

        _real.Advance(TimeSpan.FromSeconds(1));
        await pause;
        Assert.False(timeout.IsCancellationRequested);

        _real.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hang);
    }

    [Fact]
    public void It_follows_another_clock_but_never_back()
    {
        _clock.AdvanceTo(s_start + TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), Elapsed);

        _clock.AdvanceTo(s_start);
        Assert.Equal(TimeSpan.FromMinutes(1), Elapsed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void No_clock_runs_at_such_a_speed(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunningClock(s_start, speed));

    [Fact]
    public void It_cannot_be_moved_back() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
}
