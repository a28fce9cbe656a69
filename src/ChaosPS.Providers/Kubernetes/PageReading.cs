namespace ChaosPS.Providers.Kubernetes;

/// <summary>A page of a list that is being read, on its own: whoever needs it waits for it when it is its turn.</summary>
/// <typeparam name="T">What is made of each item.</typeparam>
internal sealed class PageReading<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource<string> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to read.</summary>
    /// <param name="start">What the page is asked for with; empty for the first.</param>
    /// <param name="read">Reads the page, and tells what the next one is asked for with as soon as it knows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public PageReading(string start, Func<Action<string>, CancellationToken, Task<ListPage<T>>> read, CancellationToken cancellationToken)
    {
        Start = start;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Page = ReadAsync(read);
    }

    /// <summary>What the page was asked for with; empty for the first.</summary>
    public string Start { get; }

    /// <summary>The page, or why it cannot be read.</summary>
    public Task<ListPage<T>> Page { get; }

    /// <summary>What the next page is asked for with, which a list in protobuf says before its items; empty when there is none, or this one cannot be read.</summary>
    public Task<string> Next => _next.Task;

    /// <summary>Gives the page up, if it has not been read: when this is over nothing of it goes on, and what went wrong concerns nobody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<ListPage<T>> ReadAsync(Func<Action<string>, CancellationToken, Task<ListPage<T>>> read)
    {
        try
        {
            var page = await read(next => _next.TrySetResult(next), _stop.Token);
            _next.TrySetResult(page.Continue);
            return page;
        }
        finally
        {
            _next.TrySetResult("");
        }
    }
}
