using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Clusters;

/// <summary>Says when there is a reason to look at a node again: the API tells of a change of it, or the last look is long enough ago.</summary>
/// <remarks>
/// A watch only says that there is something to see. So whatever it leaves out, such as the heartbeats of a sandbox, is seen a little later; and who may not
/// watch nodes looks more often instead.
/// </remarks>
internal sealed class NodeSignal(ChaosConnection connection, string node, IChaosLog log) : IAsyncDisposable
{
    private static readonly TimeSpan s_unwatched = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_watched = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private IAsyncEnumerator<WatchEvent<ClusterNode>>? _events;
    private Task<bool>? _next;

    // A virtual clock jumps over what its members wait for; it cannot wait for a stream, which is none.
    private bool _isUnwatched = connection.Time is VirtualClock;

    /// <summary>Waits for a reason to look.</summary>
    /// <param name="cancellationToken">Ends the waiting at once.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_isUnwatched)
        {
            await connection.Time.DelayAsync(s_unwatched, cancellationToken);
            return;
        }

        _events ??= connection.Cluster.WatchNodesAsync(node, _end.Token).GetAsyncEnumerator(CancellationToken.None);
        _next ??= _events.MoveNextAsync().AsTask();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_next, connection.Time.DelayAsync(s_watched, either.Token));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (_next.IsCompleted) await HearAsync(_next);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it ends because it was told to
        if (_events is not null) await _events.DisposeAsync();
        _end.Dispose();
    }

    private async Task HearAsync(Task<bool> next)
    {
        _next = null;
        try
        {
            _isUnwatched = !await next;
        }
        catch (ChaosException exception)
        {
            // Whether it matters shows the next look, which needs less than a watch does.
            log.Write(ChaosLogLevel.Verbose, $"Node {node} is asked for again and again, since it cannot be watched: {exception.Message}");
            _isUnwatched = true;
        }
    }
}
