using System.Collections.Concurrent;
using ChaosPS.Time;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>
/// Counts the requests to a sandbox, lets an <see cref="Recovery.Obstacle"/> at them, and lets time pass with them: the clients' clocks follow, and nobody has to
/// sit out a minute.
/// </summary>
internal sealed class WatchedHandler(HttpMessageHandler sandbox, RunningClock clock) : DelegatingHandler(sandbox)
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(3);

    /// <summary>What has not been answered by then is a connection to a dead machine, which breaks off after <see cref="s_hangs"/>.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_hangs = TimeSpan.FromSeconds(130);

    private int _count;
    private int _powerChanges;

    public Obstacle? Obstacle { get; set; }

    /// <summary>How many changes of power were carried out.</summary>
    public int PowerChanges => _powerChanges;

    /// <summary>When each machine was last taken down, by the number of its instance.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> TakenDown { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        clock.Advance(s_step);
        var seen = new SeenRequest(Interlocked.Increment(ref _count), request.Method, request.RequestUri!);
        var obstacle = Obstacle;
        if (obstacle is not null) await obstacle.ArrivedAsync(seen);
        var answering = base.SendAsync(request, cancellationToken);
        if (!answering.IsCompleted)
        {
            await Task.WhenAny(answering, clock.DelayAsync(s_patience, CancellationToken.None));
            if (!answering.IsCompleted) clock.Advance(s_hangs);
        }

        var answer = await answering;
        if (seen.ChangesPower && answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _powerChanges);
            if (seen.TakesDown) TakenDown[seen.Instance] = clock.GetUtcNow();
        }

        if (obstacle is null) return answer;
        await obstacle.ProcessedAsync(seen);
        return new Telling(answer, () => obstacle.Answered(seen));
    }

    /// <summary>An answer that tells when the server is done with it.</summary>
    private sealed class Telling : HttpResponseMessage
    {
        private readonly Action _done;

        public Telling(HttpResponseMessage answer, Action done)
            : base(answer.StatusCode)
        {
            _done = done;
            ReasonPhrase = answer.ReasonPhrase;
            RequestMessage = answer.RequestMessage;
            Content = answer.Content;
            foreach (var (name, values) in answer.Headers) Headers.TryAddWithoutValidation(name, values);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _done();
        }
    }
}
