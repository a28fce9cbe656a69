using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Sources;

/// <summary>What a kubelet writes into its Node and the author of a manifest does not.</summary>
internal static class NodeDefaults
{
    /// <summary>Fills in what is missing: size by the label of the instance type, addresses, a Ready condition.</summary>
    public static void Fill(JsonObject node, DateTimeOffset created, string version)
    {
        var metadata = node["metadata"]!.AsObject();
        var name = (string)metadata["name"]!;
        var labels = metadata.Member("labels");
        labels["kubernetes.io/hostname"] ??= name;
        labels["kubernetes.io/os"] ??= "linux";
        labels["kubernetes.io/arch"] ??= "amd64";
        metadata["creationTimestamp"] ??= ApiTime.Text(created);

        var status = node.Member("status");
        if (status["allocatable"] is null)
        {
            var size = MachineSize.Find((string?)labels["node.kubernetes.io/instance-type"] ?? NodePool.DefaultSize);
            status["capacity"] ??= new JsonObject { ["cpu"] = $"{size.Cores}", ["memory"] = $"{size.MemoryKi}Ki", ["pods"] = "250" };
            status["allocatable"] = new JsonObject { ["cpu"] = $"{size.AllocatableMilliCpu}m", ["memory"] = $"{size.AllocatableMemoryKi}Ki", ["pods"] = "250" };
        }

        status["conditions"] ??= new JsonArray(new JsonObject
        {
            ["type"] = "Ready",
            ["status"] = "True",
            ["reason"] = "KubeletReady",
            ["message"] = "kubelet is posting ready status",
            ["lastTransitionTime"] = ApiTime.Text(created),
        });
        status["addresses"] ??= new JsonArray(new JsonObject { ["type"] = "Hostname", ["address"] = name });
        status.Member("nodeInfo")["kubeletVersion"] ??= version;
    }
}
