using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>The nodes of a sandbox whose source brings none: one pool of one scale set, spread over zones in turn.</summary>
internal static class NodePool
{
    /// <summary>How many nodes there are unless somebody says otherwise.</summary>
    public const int DefaultNodes = 3;

    /// <summary>Their size unless somebody says otherwise.</summary>
    public const string DefaultSize = "Standard_D4s_v3";

    /// <summary>The most nodes of a scale set.</summary>
    public const int MostNodes = 1000;

    private const string PoolName = "nodepool1";
    private const string DiskZoneLabel = "topology.disk.csi.azure.com/zone";
    private const string DefaultRegion = "westeurope";
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly string[] s_defaultZones = ["1", "2", "3"];

    /// <summary>Makes the Node objects.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="options">How many of what, and where.</param>
    /// <param name="created">When they joined.</param>
    /// <param name="version">The kubelets' version.</param>
    /// <param name="ids">Gives the scale set its number.</param>
    /// <exception cref="ChaosException">Ids <c>NodeCountInvalid</c>, <c>NodeSizeUnknown</c>, <c>NodeZoneInvalid</c>.</exception>
    public static IEnumerable<JsonObject> Create(string cluster, SandboxOptions options, DateTimeOffset created, string version, StableId ids)
    {
        var count = options.Nodes ?? DefaultNodes;
        if (count is < 1 or > MostNodes) throw ChaosErrors.NodeCountInvalid(count, MostNodes);
        var machine = MachineSize.Find(options.NodeSize ?? DefaultSize);
        var (region, numbers) = ReadZones(options.Zones is { Count: > 0 } zones ? zones : s_defaultZones);
        var group = $"MC_{cluster}-rg_{cluster}_{region}";
        var number = (uint.Parse(ids.Digest("scaleSet")[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture) % 90_000_000) + 10_000_000;
        var scaleSet = string.Create(CultureInfo.InvariantCulture, $"aks-{PoolName}-{number}-vmss");
        return Enumerable.Range(0, count).SelectMany(Node);

        IEnumerable<JsonObject> Node(int index)
        {
            var node = Manifest(index).ToJson();
            node["metadata"]!["labels"]![DiskZoneLabel] = node["metadata"]!["labels"]!["topology.kubernetes.io/zone"]!.DeepClone();
            return [node, CsiNode((string)node["metadata"]!["name"]!, machine.MaxDisks)];
        }

        NodeManifest Manifest(int index) => new()
        {
            Name = scaleSet + NameEnding(index),
            ScaleSetId = $"/subscriptions/{ObjectSource.SubscriptionId}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{scaleSet}",
            ResourceGroup = group,
            InstanceId = index.ToString(CultureInfo.InvariantCulture),
            PoolName = PoolName,
            Location = region,
            Zone = numbers[index % numbers.Length],
            VMSize = machine.Name,
            IP = string.Create(CultureInfo.InvariantCulture, $"10.224.{(index + 4) / 250}.{(index + 4) % 250}"),
            PodNetwork = string.Create(CultureInfo.InvariantCulture, $"10.{244 + (index / 256)}.{index % 256}"),
            Created = created,
            Version = version,
            Cores = machine.Cores,
            AllocatableMilliCpu = machine.AllocatableMilliCpu,
            MemoryKi = machine.MemoryKi,
            AllocatableMemoryKi = machine.AllocatableMemoryKi,
        };
    }

    /// <summary>What the driver of Azure's disks says about a node: how many can be attached.</summary>
    private static JsonObject CsiNode(string name, int maxDisks) => new()
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "CSINode",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["drivers"] = new JsonArray(new JsonObject
            {
                ["name"] = "disk.csi.azure.com",
                ["nodeID"] = name,
                ["topologyKeys"] = new JsonArray(DiskZoneLabel),
                ["allocatable"] = new JsonObject { ["count"] = maxDisks },
            }),
        },
    };

    private static (string Region, string[] Numbers) ReadZones(IReadOnlyList<string> zones)
    {
        string? region = null;
        var numbers = new List<string>();
        foreach (var zone in zones)
        {
            var dash = zone.LastIndexOf('-');
            var number = zone[(dash + 1)..];
            if (number is not ("1" or "2" or "3")) throw ChaosErrors.NodeZoneInvalid(zone, "its number is 1, 2 or 3");
            if (dash >= 0)
            {
                if (zone[..dash] != (region ??= zone[..dash])) throw ChaosErrors.NodeZoneInvalid(zone, $"another is in {region}, and a cluster is in one region");
            }

            numbers.Add(number);
        }

        return (region ?? DefaultRegion, [.. numbers]);
    }

    /// <summary>How AKS ends the name of a node: the machine's id with base 36, six digits.</summary>
    private static string NameEnding(int id)
    {
        Span<char> ending = stackalloc char[6];
        for (var place = ending.Length - 1; place >= 0; place--, id /= Digits.Length) ending[place] = Digits[id % Digits.Length];
        return ending.ToString();
    }
}
