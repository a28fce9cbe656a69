using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Objects of any kind.</content>
internal sealed partial class KubernetesCluster
{
    private const string Json = "application/json";

    /// <inheritdoc/>
    public async Task<ApiResource?> FindResourceAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(apiVersion);
        var (group, version) = apiVersion.Split('/') is [var named, var number] ? (named, number) : ("", apiVersion);
        if (await FindAsync(ApiCall.Discovery(group, version), cancellationToken) is not { } found) return null;
        foreach (var item in JsonSerializer.SerializeToNode(found)!["resources"] as JsonArray ?? [])
        {
            // A name with a slash is a subresource, of whatever kind.
            if ((string?)item?["kind"] == kind && (string?)item["name"] is { } plural && !plural.Contains('/', StringComparison.Ordinal))
                return new ApiResource(group, version, kind, plural, (bool?)item["namespaced"] ?? false);
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<JsonElement?> FindObjectAsync(ObjectReference reference, CancellationToken cancellationToken) =>
        FindAsync(CallOf("get", reference), cancellationToken);

    /// <inheritdoc/>
    public async Task<JsonElement> ListObjectsAsync(
        ApiResource resource, string? @namespace, ObjectQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(query);
        if (query.LabelSelector is { } labels) LabelSelector.Parse(labels); // our words for a wrong one say where
        var call = CallOf("list", resource, @namespace);
        var filter = string.Join('&', new[] { Part("labelSelector", query.LabelSelector), Part("fieldSelector", query.FieldSelector) }.OfType<string>());
        if (query.Limit is { } limit)
        {
            var most = string.Create(CultureInfo.InvariantCulture, $"limit={limit}");
            return await _transport.GetAsync(call, $"?{(filter.Length == 0 ? most : $"{filter}&{most}")}", cancellationToken);
        }

        JsonElement[] items = [.. await ListAsync(call, filter.Length == 0 ? null : filter, static item => item, cancellationToken)];
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["kind"] = $"{resource.Kind}List",
            ["apiVersion"] = resource.ApiVersion,
            ["items"] = new JsonArray([.. items.Select(static item => JsonSerializer.SerializeToNode(item))]),
        });

        static string? Part(string name, string? value) => value is null ? null : $"{name}={Uri.EscapeDataString(value)}";
    }

    /// <inheritdoc/>
    public Task<JsonElement> CreateObjectAsync(
        ApiResource resource, string? @namespace, JsonObject body, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(body);
        return _transport.ChangeAsync(CallOf("create", resource, @namespace), HttpMethod.Post, Json, body.ToJsonString(), dryRun, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonElement> PatchObjectAsync(ObjectReference reference, ObjectPatch patch, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var type = patch.Kind switch
        {
            PatchKind.Strategic => "application/strategic-merge-patch+json",
            PatchKind.Json => "application/json-patch+json",
            _ => "application/merge-patch+json",
        };
        return _transport.ChangeAsync(CallOf("patch", reference), HttpMethod.Patch, type, patch.Body.ToJsonString(), dryRun, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonElement> ReplaceObjectAsync(ObjectReference reference, JsonObject body, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        return _transport.ChangeAsync(CallOf("update", reference), HttpMethod.Put, Json, body.ToJsonString(), dryRun, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonElement> DeleteObjectAsync(ObjectReference reference, ObjectDeletion deletion, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (deletion.GracePeriodSeconds is { } seconds) options["gracePeriodSeconds"] = seconds;
        if (deletion.Uid is { } uid) options["preconditions"] = new JsonObject { ["uid"] = uid };
        if (dryRun) options["dryRun"] = new JsonArray("All"); // with a body, the server heeds no query
        return _transport.ChangeAsync(CallOf("delete", reference), HttpMethod.Delete, Json, options.ToJsonString(), dryRun, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string> ReadPodLogAsync(string @namespace, string pod, PodLogQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> parts = ["follow=false", $"previous={(query.Previous ? "true" : "false")}", "timestamps=true"];
        if (query.Container is { } container) parts.Add($"container={Uri.EscapeDataString(container)}");
        if (query.SinceSeconds is { } seconds) parts.Add(string.Create(CultureInfo.InvariantCulture, $"sinceSeconds={seconds}"));
        return _transport.GetTextAsync(new ApiCall("get", "", "v1", "pods", @namespace, pod, "log"), $"?{string.Join('&', parts)}", cancellationToken);
    }

    private static ApiCall CallOf(string verb, ApiResource resource, string? @namespace) =>
        new(verb, resource.Group, resource.Version, resource.Plural, @namespace);

    private static ApiCall CallOf(string verb, ObjectReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return CallOf(verb, reference.Resource, reference.Namespace) with { Name = reference.Name };
    }
}
