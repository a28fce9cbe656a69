using System.Text.Json.Nodes;
using static ChaosPS.Sandbox.Kubernetes.Tables.TableColumn;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The columns of what leads requests to pods.</summary>
internal static class NetworkColumns
{
    private const int Shown = 3;

    /// <summary>Services.</summary>
    public static TableColumn[] Services { get; } =
    [
        ObjectName,
        Text("Type", "How the service is reached.", row => row.Text("spec.type", "ClusterIP")),
        Text("Cluster-IP", "The address inside the cluster.", row => row.Texts("spec.clusterIPs").FirstOrDefault() ?? row.Text("spec.clusterIP", TableRow.None)),
        Text("External-IP", "The address outside of the cluster.", ExternalAddress),
        Text("Port(s)", "The ports, with the nodes' ports behind them.", Ports),
        Age,
        Wide("Selector", "Which pods are behind the service.", row => row.Labels("spec.selector")),
    ];

    /// <summary>Endpoints.</summary>
    public static TableColumn[] Endpoints { get; } =
    [
        ObjectName,
        Text("Endpoints", "Addresses and ports that take requests.", EndpointAddresses),
        Age,
    ];

    /// <summary>Endpoint slices.</summary>
    public static TableColumn[] EndpointSlices { get; } =
    [
        ObjectName,
        Text("AddressType", "What the addresses are.", row => row.Text("addressType")),
        Text("Ports", "The ports of every endpoint.", row => FirstOf("<unset>", row.Items("ports").Select(port => port.Text("port", port.Text("name", "*"))))),
        Text("Endpoints", "The addresses of the endpoints, ready or not.", row =>
            FirstOf("<unset>", row.Items("endpoints").SelectMany(endpoint => endpoint["addresses"] as JsonArray ?? []).Select(address => $"{address}"))),
        Age,
    ];

    /// <summary>Ingresses.</summary>
    public static TableColumn[] Ingresses { get; } =
    [
        ObjectName,
        Text("Class", "The class of controllers that carries it out.", row => row.Text("spec.ingressClassName", TableRow.None)),
        Text("Hosts", "The hosts that the rules are for.", Hosts),
        Text("Address", "Where the ingress is reached.", LoadBalancer),
        Text("Ports", "The ports that are open.", row => row.Count("spec.tls") > 0 ? "80, 443" : "80"),
        Age,
    ];

    /// <summary>Classes of ingress controllers.</summary>
    public static TableColumn[] IngressClasses { get; } =
    [
        ObjectName,
        Text("Controller", "The controller of the class.", row => row.Text("spec.controller")),
        Text("Parameters", "The object with further parameters.", IngressParameters),
        Age,
    ];

    /// <summary>Network policies.</summary>
    public static TableColumn[] NetworkPolicies { get; } =
    [
        ObjectName,
        Text("Pod-Selector", "Which pods it is for.", row => row.Selector("spec.podSelector") is { Length: > 0 } selector ? selector : TableRow.None),
        Age,
    ];

    /// <summary>The first three of a list, and how many there are more.</summary>
    private static string FirstOf(string missing, IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        var shown = string.Join(',', all.Take(Shown));
        return all.Length > Shown ? $"{shown} + {all.Length - Shown} more..." : shown.Length > 0 ? shown : missing;
    }

    private static JsonNode ExternalAddress(TableRow row)
    {
        string[] external = [.. row.Texts("spec.externalIPs")];
        return row.Text("spec.type", "ClusterIP") switch
        {
            "ExternalName" => row.Text("spec.externalName"),
            "LoadBalancer" => string.Join(',', [.. LoadBalancerAddresses(row), .. external]) is { Length: > 0 } addresses ? addresses : "<pending>",
            _ => external.Length > 0 ? string.Join(',', external) : TableRow.None,
        };
    }

    private static JsonNode LoadBalancer(TableRow row) => string.Join(',', LoadBalancerAddresses(row));

    private static IEnumerable<string> LoadBalancerAddresses(TableRow row) => row.Items("status.loadBalancer.ingress")
        .Select(ingress => ingress.Text("ip", ingress.Text("hostname")))
        .Where(address => address.Length > 0)
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static JsonNode Ports(TableRow row)
    {
        var ports = row.Items("spec.ports").Select(port =>
            $"{port.Text("port")}{(port.Number("nodePort") > 0 ? ":" + port.Text("nodePort") : "")}/{port.Text("protocol", "TCP")}");
        return string.Join(',', ports) is { Length: > 0 } text ? text : TableRow.None;
    }

    private static JsonNode EndpointAddresses(TableRow row)
    {
        if (row.Count("subsets") == 0) return TableRow.None;
        return FirstOf("", row.Items("subsets").SelectMany(subset =>
        {
            string[] addresses = [.. subset.Items("addresses").Select(address => address.Text("ip"))];
            string[] ports = [.. subset.Items("ports").Select(port => port.Text("port"))];
            return ports.Length == 0 ? addresses : ports.SelectMany(port => addresses.Select(address => WithPort(address, port)));
        }));
    }

    private static string WithPort(string address, string port) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";

    private static JsonNode Hosts(TableRow row)
    {
        JsonObject[] rules = [.. row.Items("spec.rules")];
        string[] hosts = [.. rules.Select(rule => rule.Text("host")).Where(host => host.Length > 0)];
        if (hosts.Length == 0) return "*";

        // What is not shown is counted in rules, with or without a host.
        var shown = string.Join(',', hosts.Take(Shown));
        var isMore = hosts.Length > Shown || (hosts.Length == Shown && rules[^1].Text("host").Length == 0);
        return isMore ? $"{shown} + {rules.Length - Shown} more..." : shown;
    }

    private static JsonNode IngressParameters(TableRow row)
    {
        if (!row.Has("spec.parameters")) return TableRow.None;
        var group = row.Text("spec.parameters.apiGroup") is { Length: > 0 } name ? $".{name}" : "";
        return $"{row.Text("spec.parameters.kind")}{group}/{row.Text("spec.parameters.name")}";
    }
}
