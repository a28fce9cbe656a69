using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Tests;

/// <summary>Answers that are made while they are sent, as a client in the process gets them.</summary>
public sealed class StreamingAnswerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _source = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http;

    public StreamingAnswerTests() =>
        _http = new HttpClient(new SandboxHandler(new Dictionary<string, IFace> { ["face"] = new ChunkFace(this) }, TimeProvider.System));

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Each_chunk_arrives_when_it_is_made()
    {
        using var response = await GetAsync();
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);

        var buffer = new byte[4];
        var waiting = body.ReadAsync(buffer).AsTask();
        Assert.False(waiting.IsCompleted);
        _source.Writer.TryWrite("first");
        Assert.Equal("firs", Encoding.UTF8.GetString(buffer, 0, await waiting.WaitAsync(s_patience)));
        Assert.Equal("t", Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer)));
        _source.Writer.TryWrite("2nd");
        Assert.Equal("2nd", Encoding.UTF8.GetString(buffer, 0, await body.ReadAsync(buffer)));

        _source.Writer.Complete();
        Assert.Equal(0, await body.ReadAsync(buffer).AsTask().WaitAsync(s_patience));
        Assert.False(await _ended.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_a_chunk_that_is_waited_for()
    {
        using var response = await GetAsync();
        var body = await response.Content.ReadAsStreamAsync();
        var waiting = body.ReadAsync(new byte[1]).AsTask();

        response.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience));
        Assert.True(await _ended.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_client_that_goes_away_between_chunks_ends_the_answer()
    {
        using var response = await GetAsync();
        var body = await response.Content.ReadAsStreamAsync();
        _source.Writer.TryWrite("a");
        await body.ReadExactlyAsync(new byte[1]);

        response.Dispose();

        await _ended.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_cancelled_read_ends_the_answer()
    {
        using var response = await GetAsync();
        await using var body = await response.Content.ReadAsStreamAsync();
        using var source = new CancellationTokenSource();
        var waiting = body.ReadAsync(new byte[1], source.Token).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(s_patience));
        Assert.True(await _ended.Task.WaitAsync(s_patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.ReadAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task A_whole_answer_can_be_asked_for()
    {
        _source.Writer.TryWrite("a");
        _source.Writer.TryWrite("b");
        _source.Writer.Complete();

        Assert.Equal("ab", await _http.GetStringAsync(new Uri("http://face/")));
    }

    private Task<HttpResponseMessage> GetAsync() => _http.GetAsync(new Uri("http://face/"), HttpCompletionOption.ResponseHeadersRead);

    private async IAsyncEnumerable<byte[]> ChunksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var text in _source.Reader.ReadAllAsync(cancellationToken)) yield return Encoding.UTF8.GetBytes(text);
        }
        finally
        {
            _ended.TrySetResult(cancellationToken.IsCancellationRequested);
        }
    }

    private sealed class ChunkFace(StreamingAnswerTests test) : IFace
    {
        public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(FaceResponse.Stream(HttpStatusCode.OK, "text/plain", test.ChunksAsync(default)));
    }
}
