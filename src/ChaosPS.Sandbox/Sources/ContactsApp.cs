using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Sandbox.Kubernetes.Rules;

namespace ChaosPS.Sandbox.Sources;

/// <summary>
/// The built-in sandbox: a contacts application on three nodes of an AKS cluster, its pods where the workshop's listing has them.
/// Two of its services look redundant or are not, and the loss of any one node takes something away from the users.
/// </summary>
internal static class ContactsApp
{
    /// <summary>The sandbox's name, and that of the AKS cluster and the application's namespace.</summary>
    public const string Name = "contactsapp";

    private const string Version = "v1.32.9";
    private const string Location = "westeurope";
    private const string ResourceGroup = "MC_contactsapp-rg_contactsapp_westeurope";
    private const string PoolName = "nodepool1";
    private const string ScaleSetName = "aks-nodepool1-36421985-vmss";
    private const string VMSize = "Standard_D4s_v3";
    private const string Host = "contactsapp.sandbox";

    private const int Gibibyte = 1024;

    private static readonly Node s_node0 = new("000000", "0", "1", "10.224.0.4", "10.244.2", Days(27));
    private static readonly Node s_node9 = new("000009", "9", "2", "10.224.0.5", "10.244.6", Days(16));
    private static readonly Node s_nodeA = new("00000a", "10", "3", "10.224.0.6", "10.244.7", Days(16));

    private static readonly Node[] s_nodes = [s_node0, s_node9, s_nodeA];

    /// <summary>The workshop's listing, in its order.</summary>
    private static readonly App[] s_apps =
    [
        new("ca-deploy", "contactsapi", 100, 128, 5000, "7d6855964c", [new("sn7wm", s_nodeA, 18, ThreeDays)], "/api/contacts/"),
        new("frontend-deploy", "frontend", 50, 64, 80, "5d85979b7b", [new("m4cjx", s_node9, 6, Days(16))], "/"),
        new("mssql-deployment", "mssql", 500, 2 * Gibibyte, 1433, "5998699cd8", [new("9rpx5", s_node9, 13, Days(16))]),
        new("resources-deploy", "resourcesapi", 100, 128, 5000, "7f5f968587", [new("ql2bg", s_nodeA, 19, ThreeDays)]),
        new("resources-function-deploy", "resources-function", 100, 256, 80, "58744cb66", [new("tlvrh", s_nodeA, 16, ThreeDays)]),
        new("search-deploy", "searchapi", 100, 128, 5000, "88bd76564", [new("6s9dh", s_node0, 223, ThreeDays), new("744xn", s_node0, 222, ThreeDays)], "/api/search/contacts"),
        new("search-function-deploy", "search-function", 100, 256, 80, "84b4b6bc84", [new("sdxdr", s_nodeA, 17, ThreeDays)]),
        new("textanalytics-function-deploy", "textanalytics-function", 100, 256, 80, "6bc56f6b8c", [new("jxqsk", s_nodeA, 20, ThreeDays)]),
        new("visitreports-deploy", "visitreportsapi", 100, 128, 3000, "5fc8bf9cf5", [new("gfv9r", s_node9, 8, Days(16), Restarts: 1)], "/api/visitreports/reports"),
    ];

    private static TimeSpan ThreeDays => new(3, 19, 20, 0);

    /// <summary>Makes it.</summary>
    /// <param name="ids">The ids of this sandbox.</param>
    /// <param name="start">Its present time: ages count back from here.</param>
    public static SandboxSource Create(StableId ids, DateTimeOffset start)
    {
        var manifests = new ManifestStore();
        foreach (var name in new[] { "default", IngressController.Namespace, "kube-node-lease", "kube-public", "kube-system", Name }) manifests.Put(NamespaceManifest(name));
        foreach (var node in s_nodes) manifests.Put(WriteNode(node, start));
        foreach (var app in s_apps)
        {
            manifests.Put(DeploymentManifest(app));
            manifests.Put(ServiceManifest(app, Array.IndexOf(s_apps, app)));
        }

        manifests.Put(IngressController.Manifest());
        manifests.Put(IngressController.ServiceManifest());
        manifests.Put(IngressManifest());
        foreach (var kind in new[] { "Namespace", "Node", "Deployment", "DaemonSet", "Service", "Ingress" })
        {
            foreach (var manifest in manifests.Of(kind)) Stamp(manifest, kind, ids, start);
        }

        foreach (var manifest in manifests.Of("Deployment")) ObjectDefaults.Fill(manifest);

        var cluster = new ClusterIdentity(Name, $"https://kubernetes.{Host}", ids.Uid("Namespace//kube-system"));
        Workload[] workloads =
        [
            .. manifests.Of("Deployment").Select(manifest => KubernetesReader.ReadWorkload(Element(manifest), "Deployment", cluster)).Select(workload => AllWell(workload, workload.Replicas)),
            .. manifests.Of("DaemonSet").Select(manifest => KubernetesReader.ReadWorkload(Element(manifest), "DaemonSet", cluster)).Select(workload => AllWell(workload, s_nodes.Length)),
        ];
        var scaleSet = new ScaleSet(ScaleSetId, ScaleSetName, ResourceGroup, ObjectSource.SubscriptionId, Location);

        return new SandboxSource
        {
            Name = Name,
            StartsAt = start,
            Manifests = manifests,
            Snapshot = new ClusterSnapshot
            {
                Cluster = cluster,
                TakenAt = start,
                Version = Version,
                Nodes = [.. manifests.Of("Node").Select(manifest => KubernetesReader.ReadNode(Element(manifest), cluster, start) with { PowerState = PowerState.Running })],
                Workloads = workloads,
                Pods = [.. s_apps.SelectMany(app => AppPods(app, Find("Deployment", app.Name))), .. IngressPods(Find("DaemonSet", IngressController.Name))],
                Services = [.. manifests.Of("Service").Select(manifest => KubernetesReader.ReadService(Element(manifest), cluster)).OfType<ServiceSpec>()],
                IngressPaths = [.. manifests.Of("Ingress").SelectMany(manifest => KubernetesReader.ReadIngressPaths(Element(manifest), cluster))],
            },
            ScaleSets = [new SandboxScaleSet(scaleSet, VMSize, ["1", "2", "3"], PoolName, start - Days(27))],
            SubscriptionId = ObjectSource.SubscriptionId,
            TenantId = ObjectSource.TenantId,
            ApplicationUri = new Uri($"http://{Host}/"),
            Environment = new Dictionary<string, string>
            {
                ["AZURE_SUBSCRIPTION_ID"] = ObjectSource.SubscriptionId,
                ["AZURE_CLUSTER_RESOURCE_GROUP"] = ResourceGroup,
                ["AZURE_CLUSTER_VMSS_NAME"] = ScaleSetName,
                ["AZURE_CLUSTER_VMSS_INSTANCE0"] = $"{ScaleSetName}_{s_node0.InstanceId}",
                ["AZURE_CLUSTER_VMSS_INSTANCE1"] = $"{ScaleSetName}_{s_node9.InstanceId}",
                ["AZURE_CLUSTER_VMSS_INSTANCE2"] = $"{ScaleSetName}_{s_nodeA.InstanceId}",
                ["APP_ENDPOINT"] = Host,
            },
        };

        static Workload AllWell(Workload workload, int replicas) => workload with
        {
            Replicas = replicas,
            CurrentReplicas = replicas,
            UpdatedReplicas = replicas,
            ReadyReplicas = replicas,
            AvailableReplicas = replicas,
            ObservedGeneration = workload.Generation,
        };

        Workload Find(string kind, string name) => workloads.Single(workload => workload.Kind == kind && workload.Name == name);

        IEnumerable<ClusterPod> AppPods(App app, Workload workload) => app.Pods.Select(pod =>
            Pod(workload, $"{app.Name}-{app.Hash}-{pod.Suffix}", pod.Node, pod.IPEnding, pod.Age, ("pod-template-hash", app.Hash)) with
            {
                OwnerKind = "ReplicaSet",
                OwnerName = $"{app.Name}-{app.Hash}",
                Restarts = pod.Restarts,
            });

        IEnumerable<ClusterPod> IngressPods(Workload workload) => s_nodes.Zip(["x7k2p", "b9wqf", "n4tzd"], (node, suffix) =>
            Pod(workload, $"{IngressController.Name}-{suffix}", node, 3, node.Age, ("controller-revision-hash", "6c9f7d8b45"), ("pod-template-generation", "1")) with
            {
                OwnerKind = "DaemonSet",
                OwnerName = IngressController.Name,
            });

        ClusterPod Pod(Workload workload, string name, Node node, int ipEnding, TimeSpan age, params (string Key, string Value)[] ownerLabels)
        {
            var labels = new Dictionary<string, string>(workload.PodLabels);
            foreach (var (key, value) in ownerLabels) labels[key] = value;
            return new ClusterPod
            {
                Name = name,
                Namespace = workload.Namespace,
                Cluster = cluster,
                Uid = ids.Uid($"Pod/{workload.Namespace}/{name}"),
                Phase = "Running",
                Status = "Running",
                Ready = true,
                ReadyContainers = workload.PodSpec.Containers.Count,
                NodeName = node.Name,
                PodIP = $"{node.PodNetwork}.{ipEnding}",
                CreationTimestamp = start - age,
                Age = age,
                Labels = labels,
                Spec = workload.PodSpec,
            };
        }
    }

    private static string ScaleSetId =>
        $"/subscriptions/{ObjectSource.SubscriptionId}/resourceGroups/{ResourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/{ScaleSetName}";

    /// <summary>Gives an object the metadata that the API server would have given it.</summary>
    private static void Stamp(JsonObject manifest, string kind, StableId ids, DateTimeOffset start)
    {
        var metadata = manifest["metadata"]!.AsObject();
        var age = kind == "Node" ? s_nodes.Single(node => node.Name == (string?)metadata["name"]).Age : Days(27);
        metadata["uid"] = ids.Uid($"{kind}/{metadata["namespace"]}/{metadata["name"]}");
        metadata["creationTimestamp"] = ApiTime.Text(start - age);
        if (kind is "Deployment" or "DaemonSet" or "Ingress") metadata["generation"] = 1;
    }

    private static JsonObject NamespaceManifest(string name) => Parse($$"""
        {
          "apiVersion": "v1", "kind": "Namespace",
          "metadata": { "name": "{{name}}", "labels": { "kubernetes.io/metadata.name": "{{name}}" } },
          "spec": { "finalizers": ["kubernetes"] },
          "status": { "phase": "Active" }
        }
        """);

    private static JsonObject WriteNode(Node node, DateTimeOffset start) => new NodeManifest
    {
        Name = node.Name,
        ScaleSetId = ScaleSetId,
        ResourceGroup = ResourceGroup,
        InstanceId = node.InstanceId,
        PoolName = PoolName,
        Location = Location,
        Zone = node.Zone,
        VMSize = VMSize,
        IP = node.IP,
        PodNetwork = node.PodNetwork,
        Created = start - node.Age,
        Version = Version,
        Cores = 4,
        AllocatableMilliCpu = 3860,
        MemoryKi = 16_374_364,
        AllocatableMemoryKi = 12_774_364,
    }.ToJson();

    private static JsonObject DeploymentManifest(App app) => Parse($$"""
        {
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": {
            "name": "{{app.Name}}", "namespace": "{{Name}}",
            "labels": { "application": "scmcontacts", "service": "{{app.Service}}" }
          },
          "spec": {
            "replicas": {{app.Pods.Length}},
            "selector": { "matchLabels": { "application": "scmcontacts", "service": "{{app.Service}}" } },
            "template": {
              "metadata": { "creationTimestamp": null, "labels": { "application": "scmcontacts", "service": "{{app.Service}}" } },
              "spec": {
                "containers": [{
                  "name": "{{app.Service}}",
                  "image": "contactsapp.azurecr.io/{{app.Service}}:2.0",
                  "ports": [{ "containerPort": {{app.Port}}, "protocol": "TCP" }],
                  "resources": {
                    "limits": { "cpu": "{{app.MilliCpu * 2}}m", "memory": "{{app.Mebibytes * 2}}Mi" },
                    "requests": { "cpu": "{{app.MilliCpu}}m", "memory": "{{app.Mebibytes}}Mi" }
                  },
                  "readinessProbe": { "tcpSocket": { "port": {{app.Port}} } }
                }],
                "automountServiceAccountToken": false
              }
            },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 1 } },
            "minReadySeconds": 5,
            "revisionHistoryLimit": 3
          }
        }
        """);

    private static JsonObject ServiceManifest(App app, int index) => Parse($$"""
        {
          "apiVersion": "v1", "kind": "Service",
          "metadata": { "name": "{{app.Service}}", "namespace": "{{Name}}", "labels": { "application": "scmcontacts", "service": "{{app.Service}}" } },
          "spec": {
            "ports": [{ "name": "main", "protocol": "TCP", "port": {{(app.Path is null ? app.Port : 80)}}, "targetPort": {{app.Port}} }],
            "selector": { "application": "scmcontacts", "service": "{{app.Service}}" },
            "clusterIP": "10.0.112.{{20 + index}}", "clusterIPs": ["10.0.112.{{20 + index}}"],
            "type": "ClusterIP", "sessionAffinity": "None",
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster"
          },
          "status": { "loadBalancer": {} }
        }
        """);

    private static JsonObject IngressManifest()
    {
        var manifest = Parse($$"""
            {
              "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
              "metadata": { "name": "{{Name}}", "namespace": "{{Name}}", "labels": { "application": "scmcontacts" } },
              "spec": { "ingressClassName": "nginx", "rules": [{ "host": "{{Host}}", "http": { "paths": [] } }] },
              "status": { "loadBalancer": { "ingress": [{ "ip": "{{IngressController.Address}}" }] } }
            }
            """);
        var paths = manifest["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray();
        foreach (var app in s_apps.Where(app => app.Path is not null))
        {
            paths.Add(Parse($$"""
                {
                  "path": "{{app.Path}}", "pathType": "Prefix",
                  "backend": { "service": { "name": "{{app.Service}}", "port": { "number": 80 } } }
                }
                """));
        }

        return manifest;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonElement Element(JsonObject manifest) => manifest.ToElement();

    /// <summary>A few hours past the whole days, so that a listing goes on showing the day for a while.</summary>
    private static TimeSpan Days(int days) => new(days, 5, 12, 0);

    /// <summary>A node: the end of its name (base 36), its machine's id (decimal), its zone and addresses.</summary>
    private sealed record Node(string NameEnding, string InstanceId, string Zone, string IP, string PodNetwork, TimeSpan Age)
    {
        public string Name => ScaleSetName + NameEnding;
    }

    /// <summary>A Deployment of the application with the Service before it; <c>Path</c> is what it serves to users.</summary>
    private sealed record App(string Name, string Service, int MilliCpu, int Mebibytes, int Port, string Hash, AppPod[] Pods, string? Path = null);

    private sealed record AppPod(string Suffix, Node Node, int IPEnding, TimeSpan Age, int Restarts = 0);
}
