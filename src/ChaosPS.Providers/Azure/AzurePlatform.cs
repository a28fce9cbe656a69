using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Ports;

namespace ChaosPS.Providers.Azure;

/// <summary>AKS, permissions, locks and quotas through the Azure SDK's pipeline, which has no methods for them in the packages that are used here.</summary>
/// <param name="arm">Makes the way to the Resource Manager, at the first call.</param>
/// <param name="account">Says who asks.</param>
/// <param name="time">The clock that operations are polled on.</param>
internal sealed class AzurePlatform(Func<Arm> arm, Func<CancellationToken, Task<AzureAccount>> account, TimeProvider time) : IAzurePlatform
{
    private const string AksType = "Microsoft.ContainerService/managedClusters";
    private const string ScaleSetType = "Microsoft.Compute/virtualMachineScaleSets";
    private const string AksVersion = "2024-09-01";
    private const string GraphVersion = "2022-10-01";
    private const string AuthorizationVersion = "2022-04-01";
    private const string LockVersion = "2020-05-01";
    private const string ComputeVersion = "2023-07-01";

    /// <inheritdoc/>
    public Task<AzureAccount> GetAccountAsync(CancellationToken cancellationToken) => account(cancellationToken);

    /// <inheritdoc/>
    public Task<AksCluster?> FindAksClusterAsync(string subscriptionId, string nodeResourceGroup, CancellationToken cancellationToken) =>
        QueryAsync([subscriptionId], $"where properties.nodeResourceGroup =~ {Quote(nodeResourceGroup)}", cancellationToken);

    /// <inheritdoc/>
    public Task<AksCluster?> FindAksClusterAsync(string host, CancellationToken cancellationToken) =>
        QueryAsync([], $"where properties.fqdn =~ {Quote(host)} or properties.privateFQDN =~ {Quote(host)}", cancellationToken);

    /// <inheritdoc/>
    public Task<AksCluster> GetAksClusterAsync(string resourceId, CancellationToken cancellationToken)
    {
        var call = arm().Call($"read the AKS cluster '{new ResourceIdentifier(resourceId).Name}'", $"{AksType}/read", resourceId);
        return AzureFailure.TranslateAsync(
            call,
            async () =>
            {
                using var answer = await AskAsync(RequestMethod.Get, resourceId, AksVersion, null, cancellationToken);
                return AzureReader.ReadCluster(answer.RootElement);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IPowerOperation> BeginAsync(AksCluster cluster, PowerAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var (words, verb) = action switch
        {
            PowerAction.PowerOff => ("stop", "stop"),
            PowerAction.Start => ("start", "start"),
            PowerAction.Delete => ("delete", null),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action on a whole cluster."),
        };
        var call = arm().Call($"{words} the AKS cluster '{cluster.Name}'", $"{AksType}/{(verb is null ? "delete" : $"{verb}/action")}", cluster.ResourceId);
        var progress = await AzureNodePower.WhileBusyAsync(
            call,
            async () =>
            {
                var path = $"{cluster.ResourceId}{(verb is null ? "" : $"/{verb}")}?api-version={AksVersion}";
                var answer = await Pipeline().SendAsync(verb is null ? RequestMethod.Delete : RequestMethod.Post, Pipeline().Address(path), null, cancellationToken);
                return answer.IsError ? throw new RequestFailedException(answer) : new ArmProgress(Pipeline(), answer);
            },
            time, cancellationToken);
        return new AksOperation(call, action, progress, token => GetAksClusterAsync(cluster.ResourceId, token), time);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AzureRights>> GetPermissionsAsync(string resourceId, CancellationToken cancellationToken) => ListAsync(
        arm().Call($"read one's own permissions on '{new ResourceIdentifier(resourceId).Name}'", "Microsoft.Authorization/permissions/read", resourceId),
        $"{resourceId}/providers/Microsoft.Authorization/permissions", AuthorizationVersion, AzureReader.ReadRights, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AzureDenyAssignment>> GetDenyAssignmentsAsync(string resourceId, CancellationToken cancellationToken) => ListAsync(
        arm().Call($"read the deny assignments on '{new ResourceIdentifier(resourceId).Name}'", "Microsoft.Authorization/denyAssignments/read", resourceId),
        $"{resourceId}/providers/Microsoft.Authorization/denyAssignments", AuthorizationVersion, AzureReader.ReadDenyAssignment, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AzureLock>> GetLocksAsync(string subscriptionId, string resourceGroup, CancellationToken cancellationToken)
    {
        var locks = new List<AzureLock>();
        foreach (var (scope, filter) in ((string, string)[])[($"/subscriptions/{subscriptionId}", "?$filter=atScope()"), ($"/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}", "")])
        {
            var call = arm().Call($"read the locks on '{new ResourceIdentifier(scope).Name}'", "Microsoft.Authorization/locks/read", scope);
            locks.AddRange(await ListAsync(call, $"{scope}/providers/Microsoft.Authorization/locks{filter}", LockVersion, AzureReader.ReadLock, cancellationToken));
        }

        return [.. locks.DistinctBy(static found => found.ResourceId, StringComparer.OrdinalIgnoreCase)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AzureQuota>> GetQuotasAsync(string subscriptionId, string location, CancellationToken cancellationToken) => ListAsync(
        arm().Call($"read what of the quotas in {location} is used", "Microsoft.Compute/locations/usages/read", $"/subscriptions/{subscriptionId}"),
        $"/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/usages", ComputeVersion, AzureReader.ReadQuota, cancellationToken);

    /// <inheritdoc/>
    public async Task<AzureRepairs?> GetRepairsAsync(string scaleSetResourceId, CancellationToken cancellationToken)
    {
        // Whether they are suspended stands in the view, which most scale sets need not be asked for.
        return await ReadAsync("read", "", AzureReader.ReadRepairs) is { } repairs
            ? repairs with { IsSuspended = await ReadAsync("instanceView/read", "/instanceView", AzureReader.ReadRepairsSuspended) }
            : null;

        Task<T> ReadAsync<T>(string permission, string path, Func<JsonElement, T> read)
        {
            var call = arm().Call($"read the repairs of scale set '{new ResourceIdentifier(scaleSetResourceId).Name}'", $"{ScaleSetType}/{permission}", scaleSetResourceId);
            return AzureFailure.TranslateAsync(
                call,
                async () =>
                {
                    using var answer = await AskAsync(RequestMethod.Get, scaleSetResourceId + path, ComputeVersion, null, cancellationToken);
                    return read(answer.RootElement);
                },
                cancellationToken);
        }
    }

    private Task<AksCluster?> QueryAsync(string[] subscriptions, string filter, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["query"] = $"Resources | where type =~ '{AksType}' | {filter}",
            ["options"] = new JsonObject { ["resultFormat"] = "objectArray" },
        };
        if (subscriptions.Length > 0) body["subscriptions"] = new JsonArray([.. subscriptions.Select(static id => (JsonNode)id)]);
        var call = arm().Call("find the AKS cluster", $"{AksType}/read", subscriptions);
        return AzureFailure.TranslateAsync(
            call,
            async () =>
            {
                using var answer = await AskAsync(
                    RequestMethod.Post, "/providers/Microsoft.ResourceGraph/resources", GraphVersion, BinaryData.FromString(body.ToJsonString()), cancellationToken);
                return answer.RootElement.TryGetProperty("data", out var rows) && rows.ValueKind == JsonValueKind.Array
                    ? rows.EnumerateArray().Select(AzureReader.ReadCluster).FirstOrDefault()
                    : throw new FormatException("it has no list of resources");
            },
            cancellationToken);
    }

    private Task<IReadOnlyList<T>> ListAsync<T>(
        AzureCall call, string path, string version, Func<JsonElement, T> read, CancellationToken cancellationToken) =>
        AzureFailure.TranslateAsync<IReadOnlyList<T>>(
            call,
            async () =>
            {
                var found = new List<T>();
                var answer = await AskAsync(RequestMethod.Get, path, version, null, cancellationToken);
                while (true)
                {
                    using var page = answer;
                    if (!page.RootElement.TryGetProperty("value", out var items) || items.ValueKind != JsonValueKind.Array) throw new FormatException("it has no list");
                    found.AddRange(items.EnumerateArray().Select(read));
                    if (!page.RootElement.TryGetProperty("nextLink", out var link) || link.GetString() is not { Length: > 0 } next) return found;
                    answer = Parse(await Pipeline().SendAsync(RequestMethod.Get, new Uri(next), null, cancellationToken));
                }
            },
            cancellationToken);

    private async Task<JsonDocument> AskAsync(RequestMethod method, string path, string version, BinaryData? body, CancellationToken cancellationToken)
    {
        var pipeline = Pipeline();
        var address = pipeline.Address($"{path}{(path.Contains('?') ? '&' : '?')}api-version={version}");
        return Parse(await pipeline.SendAsync(method, address, body, cancellationToken));
    }

    private static JsonDocument Parse(Response answer) =>
        answer.IsError ? throw new RequestFailedException(answer) : JsonDocument.Parse(answer.Content.ToMemory());

    private Endpoints Pipeline() => new(arm().Client);

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>The pipeline, with addresses that have a query of their own.</summary>
    private sealed class Endpoints(ArmClient client) : ArmPipeline(client, new ResourceIdentifier("/"))
    {
        public Uri Address(string pathAndQuery) => new(Endpoint, pathAndQuery);
    }
}
