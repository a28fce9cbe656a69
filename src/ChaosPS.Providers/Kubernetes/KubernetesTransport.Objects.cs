using System.Text;
using System.Text.Json;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Changes of objects of any kind, and answers that are text.</content>
internal sealed partial class KubernetesTransport
{
    /// <summary>Sends a change once; returns what the API answers.</summary>
    /// <param name="call">What is done to which object.</param>
    /// <param name="method">POST, PUT, PATCH or DELETE.</param>
    /// <param name="contentType">The body's media type; null without one.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="dryRun">Only ask what would come of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<JsonElement> ChangeAsync(
        ApiCall call, HttpMethod method, string? contentType, string? content, bool dryRun, CancellationToken cancellationToken)
    {
        var manager = method == HttpMethod.Delete ? "" : "fieldManager=chaosps";
        var dry = dryRun ? "dryRun=All" : "";
        var query = string.Join('&', new[] { manager, dry }.Where(static part => part.Length > 0));
        var answer = await SendAsync(call, method, query.Length == 0 ? "" : $"?{query}", contentType, content, cancellationToken);
        return answer.Body ?? throw answer.Error!;
    }

    /// <summary>Reads a text, such as a log.</summary>
    public async Task<string> GetTextAsync(ApiCall call, string query, CancellationToken cancellationToken) =>
        (await ReadAsync(call, query, isText: true, cancellationToken)).GetString()!;

    /// <summary>The refusal that a plain request gets where a connection of another protocol is wanted.</summary>
    public async Task<ChaosException?> RefusalAsync(ApiCall call, string query, CancellationToken cancellationToken) =>
        (await SendAsync(call, HttpMethod.Get, query, null, null, cancellationToken, isText: true)).Error;

    private static async Task<JsonElement> ReadTextAsync(ApiCall call, Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return JsonSerializer.SerializeToElement(await OutputLimit.ReadAsync(reader, $"the {call.Subresource} of pod '{call.Namespace}/{call.Name}'", cancellationToken));
    }
}
