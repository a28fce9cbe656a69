namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>What comes between a sandbox and its clients. Whatever it throws, the client sees a connection that breaks.</summary>
internal abstract class Obstacle
{
    /// <summary>A request has arrived and nothing was done yet.</summary>
    public virtual Task ArrivedAsync(SeenRequest request) => Task.CompletedTask;

    /// <summary>A request was carried out and its answer is not sent yet.</summary>
    public virtual Task ProcessedAsync(SeenRequest request) => Task.CompletedTask;

    /// <summary>The answer was sent.</summary>
    public virtual void Answered(SeenRequest request)
    {
    }

    protected static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "The connection breaks.");
}
