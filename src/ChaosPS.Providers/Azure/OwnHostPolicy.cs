using Azure.Core;
using Azure.Core.Pipeline;

namespace ChaosPS.Providers.Azure;

/// <summary>Sends nothing to another host than the Resource Manager's, or one below it: what an answer names as the next page or as an operation's address gets the token.</summary>
/// <param name="endpoint">The Resource Manager.</param>
internal sealed class OwnHostPolicy(Uri endpoint) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var uri = message.Request.Uri.ToUri();
        var own = uri.Scheme == endpoint.Scheme && uri.Port == endpoint.Port
            && (uri.Host.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase) || uri.Host.EndsWith($".{endpoint.Host}", StringComparison.OrdinalIgnoreCase));
        return own ? ProcessNextAsync(message, pipeline) : throw new ForeignHostException(uri, endpoint);
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Calls to Azure are asynchronous here.");
}

/// <summary>An answer of the Resource Manager leads to another host.</summary>
internal sealed class ForeignHostException(Uri address, Uri endpoint)
    : Exception($"it goes on at {address.GetLeftPart(UriPartial.Authority)}, which is not {endpoint.GetLeftPart(UriPartial.Authority)}: nothing was sent there");
