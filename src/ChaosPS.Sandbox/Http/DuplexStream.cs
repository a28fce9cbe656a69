using System.Buffers;
using System.IO.Pipelines;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Http;

/// <summary>One end of a connection inside the process.</summary>
/// <param name="input">What the other end writes.</param>
/// <param name="output">What the other end reads.</param>
/// <param name="time">The clock on which whoever reads waits for the other end's work; null for an end whose waiting is nobody's time.</param>
internal sealed class DuplexStream(PipeReader input, PipeWriter output, TimeProvider? time) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = input.ReadAsync(cancellationToken).AsTask();
        if (!reading.IsCompleted && time is not null)
        {
            await time.WhenAllAsync([reading]);
            await Task.Yield(); // the other end is still in the middle of its write
        }

        var result = await reading;
        var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        part.CopyTo(buffer.Span);
        input.AdvanceTo(part.End);
        return (int)part.Length;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = await output.WriteAsync(buffer, cancellationToken);
        if (written.IsCompleted) throw new IOException("The other end has closed the connection.");
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A connection is read asynchronously.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A connection is written asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends this end because of a failure: the other one's next read has it.</summary>
    public void Break(Exception exception)
    {
        output.Complete(exception);
        input.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            output.Complete();
            input.Complete();
        }

        base.Dispose(disposing);
    }
}
