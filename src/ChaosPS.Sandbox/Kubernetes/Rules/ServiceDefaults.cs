using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>What the API server allocates for Services: addresses and node ports.</summary>
internal static class ServiceDefaults
{
    private const int FirstNodePort = 30000;
    private const int NodePorts = 2768;

    /// <summary>Fills in a Service of right shape. One that replaces another keeps what that had.</summary>
    public static void Fill(JsonObject manifest, JsonObject? old, ObjectStore store)
    {
        var spec = manifest.Member("spec");
        var type = (string?)spec["type"];
        if (type == "ExternalName") return;
        var services = store.List(ResourceTypes.Service, null).Select(item => item.Manifest!["spec"]!).ToArray();
        var name = $"{manifest["metadata"]!["namespace"]}/{manifest["metadata"]!["name"]}";

        spec["clusterIP"] ??= old?["spec"]?["clusterIP"]?.DeepClone() ?? FreeAddress(name, services, store.Ids);
        spec["clusterIPs"] ??= new JsonArray(spec["clusterIP"]!.DeepClone());
        spec["internalTrafficPolicy"] ??= "Cluster";
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
        if (type is not ("NodePort" or "LoadBalancer")) return;

        spec["externalTrafficPolicy"] ??= "Cluster";
        if (type == "LoadBalancer") spec["allocateLoadBalancerNodePorts"] ??= true;
        var before = old?["spec"]?["ports"] as JsonArray ?? [];
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port["nodePort"] ??= before.FirstOrDefault(known => CanonicalJson.AreEqual(known!["port"], port["port"]))?["nodePort"]?.DeepClone()
                ?? FreeNodePort($"{name}:{port["port"]}", services, store.Ids);
        }
    }

    /// <summary>An address that no Service has, the same in every run.</summary>
    private static string FreeAddress(string name, JsonNode[] services, StableId ids)
    {
        var taken = services.Select(spec => (string?)spec["clusterIP"]).ToHashSet();
        return Candidates(name, ids).Select(number => $"10.0.{number / 254 % 254}.{1 + (number % 254)}").First(address => !taken.Contains(address));
    }

    private static int FreeNodePort(string name, JsonNode[] services, StableId ids)
    {
        var taken = services.SelectMany(spec => spec["ports"] as JsonArray ?? []).Select(port => (int?)port?["nodePort"]).ToHashSet();
        return Candidates(name, ids).Select(number => FirstNodePort + (number % NodePorts)).First(port => !taken.Contains(port));
    }

    private static IEnumerable<int> Candidates(string name, StableId ids)
    {
        var first = int.Parse(ids.Digest($"allocation/{name}").AsSpan(0, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Enumerable.Range(first, 1 << 16);
    }
}
