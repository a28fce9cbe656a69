namespace ChaosPS.Sandbox.Http;

/// <summary>Reads chunks as one stream, one read at a time: what the caller of a streaming answer holds.</summary>
internal sealed class ChunkStream : Stream
{
    private readonly CancellationTokenSource _closed = new();
    private readonly IAsyncEnumerator<byte[]> _chunks;
    private ReadOnlyMemory<byte> _rest;
    private Task<bool> _next = Task.FromResult(true);
    private bool _ended;

    public ChunkStream(IAsyncEnumerable<byte[]> chunks) => _chunks = chunks.GetAsyncEnumerator(_closed.Token);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <remarks>A cancelled read ends the stream, as it does on a connection.</remarks>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _closed))
        {
            while (_rest.IsEmpty && buffer.Length > 0)
            {
                _closed.Token.ThrowIfCancellationRequested();
                _next = _chunks.MoveNextAsync().AsTask();
                if (!await _next) return 0;
                _rest = _chunks.Current;
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A streaming answer is read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _ = EndAsync();
        base.Dispose(disposing);
    }

    /// <summary>Ends what still waits for a chunk, then lets whoever makes the chunks clean up.</summary>
    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _ended, true)) return;
        await _closed.CancelAsync();
        await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its reader has the error
        await _chunks.DisposeAsync();
        _closed.Dispose();
    }
}
