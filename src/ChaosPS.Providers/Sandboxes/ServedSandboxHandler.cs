using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Providers.Sandboxes;

/// <summary>Sends requests for the hosts of a sandbox to the process that serves it, and refuses all others, as the sandbox does inside its process.</summary>
/// <param name="address">Where it is served.</param>
/// <param name="description">What it says of itself.</param>
/// <param name="clock">The clock here: it follows when that of the sandbox is moved ahead.</param>
/// <param name="network">The way there.</param>
internal sealed class ServedSandboxHandler(Uri address, SandboxDescription description, RunningClock clock, HttpMessageHandler network) : DelegatingHandler(network)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        if (!description.ServedHosts.Contains(asked.Host)) throw SandboxDescription.NotServed(asked.Host, description.ServedHosts); // Uri writes hosts in lower case

        request.Headers.Host = asked.Host; // the server tells by it which of its hosts is meant
        request.RequestUri = new Uri(address, asked.PathAndQuery);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.Date is { } now) clock.AdvanceTo(now);
            return response;
        }
        finally
        {
            request.RequestUri = asked;
        }
    }
}
