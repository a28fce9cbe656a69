namespace ChaosPS.Time;

/// <summary>
/// A clock that stands still while anybody works and jumps to the next timer when everybody waits on it.
/// </summary>
/// <remarks>
/// Whoever does timed work joins as a member (<see cref="TimeProviderExtensions.RunAsync"/>) and waits only through
/// <see cref="DelayAsync"/>, <see cref="HangAsync"/> or <see cref="WhenAllAsync"/>. When the last working member starts to
/// wait, the clock jumps to the earliest timer, fires it, and goes on jumping until a member works again. Timers that are due at the
/// same instant fire in the order of their creation, so a run with one seed is the same run every time.
/// Without members time stands still; <see cref="Advance"/> moves it by hand.
/// </remarks>
public sealed class VirtualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    private readonly List<Task[]> _joins = [];
    private DateTimeOffset _now;
    private long _order;
    private int _working;
    private int _waiting;
    private bool _jumping;

    /// <summary>Creates a clock that stands at <paramref name="start"/>.</summary>
    public VirtualClock(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time forward by hand, firing what falls due on the way. Only while no member works.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">A member works: its time is not ours to move.</exception>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_lock)
        {
            if (_working > 0) throw new InvalidOperationException("The clock cannot be moved by hand while a run is using it.");
            end = _now + duration;
        }

        while (TryTake(end, out var timer)) timer.Fire();
        lock (_lock)
        {
            if (_now < end) _now = end;
        }
    }

    /// <summary>Runs <paramref name="work"/> as a member: time stands still while it works and passes while it waits.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_lock) _working++;
        var task = StartAsync(work);

        // The member leaves when its task is complete and before anyone who awaits the task goes on.
        _ = task.ContinueWith(
            static (_, state) => ((VirtualClock)state!).Leave(),
            this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;

        static async Task<TResult> StartAsync<TResult>(Func<Task<TResult>> start) => await start();
    }

    /// <summary>Lets <paramref name="duration"/> pass; the caller is a member.</summary>
    public Task DelayAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return WaitAsync(duration, cancellationToken);
    }

    /// <summary>Waits, as a member, for cancellation only: what a call to a dead machine does.</summary>
    public Task HangAsync(CancellationToken cancellationToken) => WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits, as a member, for other members' work; goes on at the time when the last of them ends.</summary>
    /// <param name="tasks">What <see cref="RunAsync"/> returned: of anything that comes after it, the clock would not know.</param>
    public async Task WhenAllAsync(IEnumerable<Task> tasks)
    {
        Task[] all = [.. tasks];
        BeginWait(all);
        try
        {
            Jump();
            await Task.WhenAll(all);
        }
        finally
        {
            lock (_lock)
            {
                _joins.Remove(all);
                _waiting--;
                _working++;
            }
        }
    }

    private async Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wait = new MemberWait(this);
        using var timer = CreateTimer(static state => ((MemberWait)state!).End(cancelled: false, default), wait, duration, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((MemberWait)state!).End(cancelled: true, token), wait);
        BeginWait(join: null);
        try
        {
            Jump();
        }
        catch
        {
            // A timer's callback has failed: whoever made the clock jump gets the error, and works again.
            wait.End(cancelled: false, default);
            throw;
        }

        await wait.Task;
    }

    private void BeginWait(Task[]? join)
    {
        lock (_lock)
        {
            if (_working == 0) throw new InvalidOperationException("Only a member of the clock can wait on it: use TimeProvider.RunAsync.");
            _working--;
            _waiting++;
            if (join is not null) _joins.Add(join);
        }
    }

    private void EndWait()
    {
        lock (_lock)
        {
            _waiting--;
            _working++;
        }
    }

    private void Leave()
    {
        lock (_lock) _working--;
        Jump();
    }

    private void Jump()
    {
        lock (_lock)
        {
            if (_jumping) return;
            _jumping = true;
        }

        while (true)
        {
            VirtualTimer timer;
            lock (_lock)
            {
                if (_working != 0 || _waiting == 0 || _joins.Exists(IsOver) || !TryTakeLocked(DateTimeOffset.MaxValue, out timer!))
                {
                    _jumping = false;
                    return;
                }
            }

            try
            {
                timer.Fire();
            }
            catch
            {
                lock (_lock) _jumping = false;
                throw;
            }
        }
    }

    /// <summary>Its member is about to work again, so the clock must not jump.</summary>
    private static bool IsOver(Task[] join) => Array.TrueForAll(join, static task => task.IsCompleted);

    private bool TryTake(DateTimeOffset end, out VirtualTimer timer)
    {
        lock (_lock) return TryTakeLocked(end, out timer!);
    }

    private bool TryTakeLocked(DateTimeOffset end, out VirtualTimer? timer)
    {
        while (_timers.TryPeek(out timer, out var key))
        {
            if (key.Order != timer.Order)
            {
                _timers.Dequeue(); // changed or disposed since
                continue;
            }

            if (key.Due > end.UtcTicks) break;
            _timers.Dequeue();
            if (key.Due > _now.UtcTicks) _now = new DateTimeOffset(key.Due, TimeSpan.Zero);
            timer.Reschedule();
            return true;
        }

        timer = null;
        return false;
    }

    private sealed class MemberWait(VirtualClock clock)
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _ended;

        public Task Task => _completion.Task;

        public void End(bool cancelled, CancellationToken token)
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0) return;
            clock.EndWait();
            if (cancelled) _completion.SetCanceled(token);
            else _completion.SetResult();
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>The place in the order of creation of the pending due time; -1 when none is pending.</summary>
        public long Order { get; private set; } = -1;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                Schedule(dueTime);
            }

            return true;
        }

        public void Reschedule()
        {
            Order = -1;
            if (_period > TimeSpan.Zero) Schedule(_period);
        }

        public void Dispose()
        {
            lock (clock._lock) Order = -1;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan dueTime)
        {
            Order = -1;
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            Order = clock._order++;
            clock._timers.Enqueue(this, (clock._now.UtcTicks + dueTime.Ticks, Order));
        }
    }
}
