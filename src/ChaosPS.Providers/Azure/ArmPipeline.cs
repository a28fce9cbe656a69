using Azure;
using Azure.Core;
using Azure.ResourceManager;

namespace ChaosPS.Providers.Azure;

/// <summary>The ARM client's own pipeline, for calls that the SDK has no method for: same credential, same retries, same clock.</summary>
internal class ArmPipeline(ArmClient client, ResourceIdentifier id) : ArmResource(client, id)
{
    /// <summary>Sends a request to ARM.</summary>
    /// <param name="method">The method.</param>
    /// <param name="pathAndVersion">The path, and the version of the API.</param>
    /// <param name="body">A JSON body; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Response> SendAsync(
        RequestMethod method, (string Path, string Version) pathAndVersion, BinaryData? body, CancellationToken cancellationToken)
    {
        var uri = new RequestUriBuilder();
        uri.Reset(Endpoint);
        uri.AppendPath(pathAndVersion.Path, escape: false);
        uri.AppendQuery("api-version", pathAndVersion.Version);
        return SendAsync(method, uri.ToUri(), body, cancellationToken);
    }

    /// <summary>Sends a request to an address that ARM gave.</summary>
    public async Task<Response> SendAsync(RequestMethod method, Uri address, BinaryData? body, CancellationToken cancellationToken)
    {
        using var message = Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body);
        }

        await Pipeline.SendAsync(message, cancellationToken);
        return message.Response;
    }
}
