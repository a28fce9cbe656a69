namespace ChaosPS.Providers.Kubernetes;

/// <summary>Ends the library's chain of handlers in another handler instead of the network: how its pipeline reaches the sandbox.</summary>
internal sealed class PassThroughHandler(HttpMessageHandler target) : DelegatingHandler
{
    private readonly HttpMessageInvoker _target = new(target, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _target.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _target.Dispose();
        base.Dispose(disposing);
    }
}
