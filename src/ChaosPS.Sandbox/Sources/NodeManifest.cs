using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Sources;

/// <summary>A node of an AKS pool, and its Node object as its kubelet and the cloud's controllers would have written it.</summary>
internal sealed record NodeManifest
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The scale set's resource id.</summary>
    public required string ScaleSetId { get; init; }

    /// <summary>The node resource group.</summary>
    public required string ResourceGroup { get; init; }

    /// <summary>The machine's id in its scale set, decimal.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The AKS node pool.</summary>
    public required string PoolName { get; init; }

    /// <summary>The Azure region.</summary>
    public required string Location { get; init; }

    /// <summary>The zone in the region, such as <c>1</c>; null for a machine without one.</summary>
    public required string? Zone { get; init; }

    /// <summary>The machine's size.</summary>
    public required string VMSize { get; init; }

    /// <summary>The node's address.</summary>
    public required string IP { get; init; }

    /// <summary>The first three parts of its pods' addresses.</summary>
    public required string PodNetwork { get; init; }

    /// <summary>When the node joined the cluster.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The kubelet's version.</summary>
    public required string Version { get; init; }

    /// <summary>Cores, whole.</summary>
    public required int Cores { get; init; }

    /// <summary>Thousandths of cores that pods can have.</summary>
    public required int AllocatableMilliCpu { get; init; }

    /// <summary>Memory that the machine has, KiB.</summary>
    public required long MemoryKi { get; init; }

    /// <summary>Memory that pods can have, KiB.</summary>
    public required long AllocatableMemoryKi { get; init; }

    /// <summary>The Node object.</summary>
    public JsonObject ToJson()
    {
        var zone = Zone is null ? "0" : $"{Location}-{Zone}"; // what the cloud's controller writes for a machine without zone
        return Parse($$"""
            {
              "apiVersion": "v1", "kind": "Node",
              "metadata": {
                "name": "{{Name}}",
                "labels": {
                  "agentpool": "{{PoolName}}",
                  "beta.kubernetes.io/arch": "amd64",
                  "beta.kubernetes.io/instance-type": "{{VMSize}}",
                  "beta.kubernetes.io/os": "linux",
                  "failure-domain.beta.kubernetes.io/region": "{{Location}}",
                  "failure-domain.beta.kubernetes.io/zone": "{{zone}}",
                  "kubernetes.azure.com/agentpool": "{{PoolName}}",
                  "kubernetes.azure.com/cluster": "{{ResourceGroup}}",
                  "kubernetes.azure.com/mode": "system",
                  "kubernetes.azure.com/os-sku": "Ubuntu",
                  "kubernetes.azure.com/role": "agent",
                  "kubernetes.io/arch": "amd64",
                  "kubernetes.io/hostname": "{{Name}}",
                  "kubernetes.io/os": "linux",
                  "kubernetes.io/role": "agent",
                  "node-role.kubernetes.io/agent": "",
                  "node.kubernetes.io/instance-type": "{{VMSize}}",
                  "topology.kubernetes.io/region": "{{Location}}",
                  "topology.kubernetes.io/zone": "{{zone}}"
                },
                "annotations": { "node.alpha.kubernetes.io/ttl": "0", "volumes.kubernetes.io/controller-managed-attach-detach": "true" }
              },
              "spec": {
                "podCIDR": "{{PodNetwork}}.0/24",
                "podCIDRs": ["{{PodNetwork}}.0/24"],
                "providerID": "azure://{{ScaleSetId.Replace(ResourceGroup, ResourceGroup.ToLowerInvariant(), StringComparison.Ordinal)}}/virtualMachines/{{InstanceId}}"
              },
              "status": {
                "capacity": { "cpu": "{{Cores}}", "ephemeral-storage": "129886128Ki", "hugepages-1Gi": "0", "hugepages-2Mi": "0", "memory": "{{MemoryKi}}Ki", "pods": "250" },
                "allocatable": { "cpu": "{{AllocatableMilliCpu}}m", "ephemeral-storage": "119703055367", "hugepages-1Gi": "0", "hugepages-2Mi": "0", "memory": "{{AllocatableMemoryKi}}Ki", "pods": "250" },
                "conditions": [
                  {{Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available")}},
                  {{Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure")}},
                  {{Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available")}},
                  {{Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")}}
                ],
                "addresses": [{ "type": "InternalIP", "address": "{{IP}}" }, { "type": "Hostname", "address": "{{Name}}" }],
                "daemonEndpoints": { "kubeletEndpoint": { "Port": 10250 } },
                "nodeInfo": {
                  "kernelVersion": "5.15.0-1089-azure", "osImage": "Ubuntu 22.04.5 LTS", "containerRuntimeVersion": "containerd://1.7.27-1",
                  "kubeletVersion": "{{Version}}", "kubeProxyVersion": "{{Version}}", "operatingSystem": "linux", "architecture": "amd64"
                }
              }
            }
            """);
    }

    private string Condition(string type, string status, string reason, string message) =>
        $$"""{ "type": "{{type}}", "status": "{{status}}", "reason": "{{reason}}", "message": "{{message}}", "lastTransitionTime": "{{ApiTime.Text(Created)}}" }""";

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
