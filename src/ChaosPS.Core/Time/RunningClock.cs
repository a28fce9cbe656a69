namespace ChaosPS.Time;

/// <summary>A clock that runs at a multiple of another one's speed: the time of a sandbox that other processes use.</summary>
/// <remarks>
/// It never stands still and never goes back, so nobody has to join it; <see cref="Advance"/> only moves it ahead. Its timers are timers of the other
/// clock, armed anew when it is moved.
/// </remarks>
public sealed class RunningClock : TimeProvider
{
    /// <summary>The slowest that it runs.</summary>
    public const double MinSpeed = 0.01;

    /// <summary>The fastest that it runs: a millisecond of this machine is ten seconds of the clock.</summary>
    public const double MaxSpeed = 10_000;

    /// <summary>The longest that one timer of the other clock is armed for; the system's take 49 days at most.</summary>
    private static readonly TimeSpan s_longestArming = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly HashSet<RunningTimer> _armed = [];
    private readonly TimeProvider _real;
    private readonly long _realStart;
    private DateTimeOffset _start;

    /// <summary>Creates a clock that shows <paramref name="start"/> now.</summary>
    /// <param name="start">What it shows.</param>
    /// <param name="speed">How many seconds of this clock pass in one of <paramref name="real"/>: <see cref="MinSpeed"/> to <see cref="MaxSpeed"/>.</param>
    /// <param name="real">The clock that it runs with; null means the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The speed is none of those.</exception>
    public RunningClock(DateTimeOffset start, double speed, TimeProvider? real = null)
    {
        if (!IsSpeed(speed)) throw new ArgumentOutOfRangeException(nameof(speed), speed, $"The speed must be between {MinSpeed} and {MaxSpeed}.");
        Speed = speed;
        _start = start.ToUniversalTime();
        _real = real ?? System;
        _realStart = _real.GetTimestamp();
    }

    /// <summary>How many of its seconds pass in a second of the other clock.</summary>
    public double Speed { get; }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Whether a clock can run at that speed.</summary>
    public static bool IsSpeed(double speed) => speed is >= MinSpeed and <= MaxSpeed;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _start + (_real.GetElapsedTime(_realStart) * Speed);
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new RunningTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock ahead; what falls due on the way fires now.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        lock (_lock)
        {
            _start += duration;
            foreach (var timer in _armed) timer.Arm();
        }
    }

    /// <summary>Moves the clock ahead to <paramref name="instant"/>, unless it is there or beyond already.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        lock (_lock)
        {
            var behind = instant - GetUtcNow();
            if (behind > TimeSpan.Zero) Advance(behind);
        }
    }

    private sealed class RunningTimer : ITimer
    {
        private readonly RunningClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private DateTimeOffset _due;
        private TimeSpan _period;

        public RunningTimer(RunningClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;
            _timer = clock._real.CreateTimer(static self => ((RunningTimer)self!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    _clock._armed.Remove(this);
                    return _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                _due = _clock.GetUtcNow() + dueTime;
                _clock._armed.Add(this);
                return Arm();
            }
        }

        /// <summary>Asks to be woken when it is due, not before: the system's timers count whole milliseconds.</summary>
        public bool Arm()
        {
            var wait = (_due - _clock.GetUtcNow()) / _clock.Speed;
            var rounded = wait <= TimeSpan.Zero ? TimeSpan.Zero
                : wait > s_longestArming ? s_longestArming
                : TimeSpan.FromMilliseconds((long)Math.Ceiling(wait.TotalMilliseconds));
            return _timer.Change(rounded, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            lock (_clock._lock) _clock._armed.Remove(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (_clock._lock) _clock._armed.Remove(this);
            return _timer.DisposeAsync();
        }

        private void Ring()
        {
            lock (_clock._lock)
            {
                if (!_clock._armed.Contains(this)) return; // changed or disposed since
                var now = _clock.GetUtcNow();
                if (now < _due)
                {
                    Arm();
                    return;
                }

                if (_period > TimeSpan.Zero)
                {
                    _due = _due + _period > now ? _due + _period : now + _period; // what a jump skipped is not made up for
                    Arm();
                }
                else
                {
                    _clock._armed.Remove(this);
                }
            }

            _callback(_state);
        }
    }
}
