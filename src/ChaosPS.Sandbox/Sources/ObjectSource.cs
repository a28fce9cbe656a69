using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Kubernetes.Kinds;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Sources;

/// <summary>Makes what a sandbox starts from of API objects: of manifests that nobody ran yet, or of those of a living cluster.</summary>
internal static class ObjectSource
{
    /// <summary>The subscription of machines that are made up.</summary>
    public const string SubscriptionId = "6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10";

    /// <summary>The tenant of every subscription in a sandbox.</summary>
    public const string TenantId = "2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31";

    private static readonly string[] s_namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>Makes the source.</summary>
    /// <param name="source">The objects; they become the sandbox's own.</param>
    /// <param name="ids">The ids of this sandbox.</param>
    /// <param name="log">Is told what was added.</param>
    public static SandboxSource Create(SourceObjects source, StableId ids, IChaosLog log)
    {
        var manifests = new ManifestStore();
        foreach (var item in source.Objects) manifests.Put(item);
        var controllers = FindIngressControllers(manifests);
        if (controllers is null && manifests.Of("Ingress").Any())
        {
            manifests.Put(IngressController.Manifest());
            log.Write(ChaosLogLevel.Warning, $"There are Ingresses and no controller for them that is known: the sandbox brings {IngressController.Namespace}/{IngressController.Name}.");
            if (source.StartsAt == source.TakenAt) source = source with { StartsAt = source.TakenAt + IngressController.Startup };
        }

        foreach (var name in manifests.All.Select(static item => (string?)item["metadata"]!["namespace"]).OfType<string>().Concat(s_namespaces).Distinct().ToArray())
        {
            if (manifests.Find("Namespace", "", name) is null) manifests.Put(NamespaceManifest(name));
        }

        JsonObject[] all = [.. manifests.All];
        foreach (var item in all) Complete(item, source, ids);

        var cluster = new ClusterIdentity(
            source.Name, $"https://kubernetes.{source.Name}.sandbox", (string)manifests.Find("Namespace", "", "kube-system")!["metadata"]!["uid"]!);
        var snapshot = KubernetesReader.ReadSnapshot(
            all.Where(static item => !ResourceTypes.IsForeign((string)item["apiVersion"]!)).Select(static item => item.ToElement()), cluster, source.TakenAt, source.Version);
        var scaleSets = ScaleSets(snapshot);
        return new SandboxSource
        {
            Name = source.Name,
            Manifests = manifests,
            Snapshot = snapshot,
            StartsAt = source.StartsAt,
            ScaleSets = scaleSets,
            SubscriptionId = snapshot.Nodes.Select(static node => node.SubscriptionId).OfType<string>().FirstOrDefault() ?? SubscriptionId,
            TenantId = TenantId,
            ApplicationUri = new Uri($"http://{source.Name}.sandbox/"),
            IngressControllers = controllers,
            Environment = Environment(source.Name, scaleSets, snapshot),
        };
    }

    /// <summary>What the API server and the controllers would have written into an object long ago.</summary>
    private static void Complete(JsonObject item, SourceObjects source, StableId ids)
    {
        var kind = ManifestStore.KindOf(item);
        var metadata = item["metadata"]!.AsObject();
        metadata["uid"] ??= ids.Uid($"{kind}/{metadata["namespace"]}/{metadata["name"]}");
        metadata["creationTimestamp"] ??= ApiTime.Text(source.TakenAt);
        if (ResourceTypes.IsForeign((string)item["apiVersion"]!))
        {
            metadata["generation"] ??= 1;
            return;
        }

        ObjectDefaults.Fill(item);
        switch (kind)
        {
            case "CustomResourceDefinition":
                metadata["generation"] ??= 1;
                DefinitionKind.Fill(item);
                break;
            case "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Ingress" or "PodDisruptionBudget":
                metadata["generation"] ??= 1;
                break;
            case "Pod":
                item["status"] ??= new JsonObject { ["phase"] = "Pending" };
                break;
        }

        if (kind == "Ingress" || (kind == "Service" && (string?)item["spec"]?["type"] == "LoadBalancer"))
        {
            var status = item.Member("status");
            if (status["loadBalancer"] is not JsonObject { Count: > 0 }) status["loadBalancer"] = LoadBalancer();
        }
    }

    /// <summary>The selector of the ingress controllers that run or would run; null when none of those that are known does.</summary>
    private static LabelSelector? FindIngressControllers(ManifestStore manifests)
    {
        JsonObject?[] labels =
        [
            .. manifests.Of("DaemonSet").Concat(manifests.Of("Deployment")).Concat(manifests.Of("StatefulSet")).Select(static item => item["spec"]?["template"]?["metadata"]?["labels"] as JsonObject),
            .. manifests.Of("Pod").Select(static item => item["metadata"]!["labels"] as JsonObject),
        ];
        Dictionary<string, string>[] all = [.. labels.OfType<JsonObject>().Select(Texts)];
        return Array.Find(IngressController.Known, selector => Array.Exists(all, selector.Matches));

        static Dictionary<string, string> Texts(JsonObject labels) => labels
            .Where(static label => label.Value?.GetValueKind() == JsonValueKind.String).ToDictionary(static label => label.Key, static label => (string)label.Value!);
    }

    private static JsonObject LoadBalancer() => new() { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = IngressController.Address }) };

    private static JsonObject NamespaceManifest(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } },
        ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
        ["status"] = new JsonObject { ["phase"] = "Active" },
    };

    /// <summary>The scale sets that the nodes' machines are in.</summary>
    private static SandboxScaleSet[] ScaleSets(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Nodes
            .Select(static node => (Node: node, Uniform: AzureMachineId.ScaleSetOf(node.ResourceId), Flexible: SandboxSource.FlexibleSetOf(node.ResourceId)))
            .Where(static found => (found.Uniform ?? found.Flexible) is not null)
            .GroupBy(static found => (found.Uniform ?? found.Flexible)!, StringComparer.OrdinalIgnoreCase)
            .OrderBy(static group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(static group =>
            {
                var (node, uniform, _) = group.First();
                return new SandboxScaleSet(
                    new ScaleSet(
                        group.Key, group.Key[(group.Key.LastIndexOf('/') + 1)..], node.ResourceGroupName!, node.SubscriptionId!,
                        node.Labels.GetValueOrDefault("topology.kubernetes.io/region", "westeurope"), Flexible: uniform is null),
                    node.Labels.GetValueOrDefault("node.kubernetes.io/instance-type", NodePool.DefaultSize),
                    [.. group.Select(static item => ZoneNumber(item.Node.Zone)).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
                    node.NodePoolName ?? "",
                    group.Min(static item => item.Node.CreationTimestamp));
            }),
    ];

    /// <summary>The number of a zone, as Azure's other APIs name it; null for <c>0</c>, which says that there is none.</summary>
    private static string? ZoneNumber(string? zone) =>
        zone is null ? null : zone[(zone.LastIndexOf('-') + 1)..] is var number && number == "0" ? null : number;

    /// <summary>The variables of the workshop's experiment, for the first scale set.</summary>
    private static Dictionary<string, string> Environment(string name, SandboxScaleSet[] scaleSets, ClusterSnapshot snapshot)
    {
        var variables = new Dictionary<string, string>
        {
            ["APP_ENDPOINT"] = snapshot.IngressPaths is [var path, ..] ? path.Uri.Authority : $"{name}.sandbox",
        };
        if (scaleSets.FirstOrDefault(static set => !set.ScaleSet.Flexible) is not { } first) return variables;
        variables["AZURE_SUBSCRIPTION_ID"] = first.ScaleSet.SubscriptionId;
        variables["AZURE_CLUSTER_RESOURCE_GROUP"] = first.ScaleSet.ResourceGroupName;
        variables["AZURE_CLUSTER_VMSS_NAME"] = first.ScaleSet.Name;
        var instances = snapshot.Nodes
            .Where(node => first.ScaleSet.ResourceId.Equals(AzureMachineId.ScaleSetOf(node.ResourceId), StringComparison.OrdinalIgnoreCase))
            .OrderBy(static node => node.Name, StringComparer.Ordinal);
        foreach (var (index, node) in instances.Index())
        {
            variables[string.Create(CultureInfo.InvariantCulture, $"AZURE_CLUSTER_VMSS_INSTANCE{index}")] = $"{first.ScaleSet.Name}_{node.InstanceId}";
        }

        return variables;
    }
}
