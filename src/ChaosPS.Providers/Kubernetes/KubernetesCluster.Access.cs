using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Preflight;

namespace ChaosPS.Providers.Kubernetes;

/// <content>Access control.</content>
internal sealed partial class KubernetesCluster
{
    private static readonly ApiResource s_access = new("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false);

    /// <inheritdoc/>
    public async Task<bool> IsAllowedAsync(ClusterRight right, string? @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(right);
        var parts = right.Resource.Split('/', 2);
        var attributes = new JsonObject { ["verb"] = right.Verb, ["group"] = right.Group, ["resource"] = parts[0] };
        if (parts.Length > 1) attributes["subresource"] = parts[1];
        if (@namespace is not null) attributes["namespace"] = @namespace;
        var review = new JsonObject
        {
            ["apiVersion"] = s_access.ApiVersion,
            ["kind"] = s_access.Kind,
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        };
        var answer = await CreateObjectAsync(s_access, null, review, dryRun: false, cancellationToken);
        return answer.TryGetProperty("status", out var status) && status.TryGetProperty("allowed", out var allowed) && allowed.ValueKind == JsonValueKind.True;
    }
}
