using System.Buffers;

namespace ChaosPS.Clusters;

public static partial class KubernetesReader
{
    private static readonly SearchValues<char> s_patternStart = SearchValues.Create("([*?+^$|\\{");

    /// <summary>Reads a Service; null for one that finds no pods by itself: without a selector, or an alias of another name.</summary>
    public static ServiceSpec? ReadService(ApiFields service, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var name = Name(service, "service", cluster);
        var selector = service.Map("spec", "selector");
        if (selector.Count == 0 || service.Text("spec", "type") == "ExternalName") return null;
        var port = service.Items("spec", "ports") is [var first, ..] ? first : default;
        return new ServiceSpec(name, service.Text("metadata", "namespace") ?? "default", LabelSelector.FromLabels(selector), port.Count("port"))
        {
            TargetPort = port.Scalar("targetPort") ?? port.Scalar("port") ?? "",
        };
    }

    /// <summary>Reads the paths that an Ingress publishes: those of its rules and its default backend.</summary>
    /// <remarks>
    /// An address comes from the rule's host, else from the load balancer that serves the Ingress. What has neither cannot be
    /// reached by anybody and is left out, as is a wildcard host without load balancer; so are backends that are no Service.
    /// </remarks>
    public static IReadOnlyList<IngressPath> ReadIngressPaths(ApiFields ingress, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var name = Name(ingress, "ingress", cluster);
        var space = ingress.Text("metadata", "namespace") ?? "default";
        var secured = ingress.Items("spec", "tls").SelectMany(static tls => tls.Texts("hosts")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var balancer = ingress.Items("status", "loadBalancer", "ingress") is [var first, ..] ? first : default;
        var address = balancer.Text("hostname") ?? balancer.Text("ip");

        var paths = new List<IngressPath>();
        foreach (var rule in ingress.Items("spec", "rules"))
        {
            foreach (var path in rule.Items("http", "paths")) Add(rule.Text("host"), path.Text("path") ?? "/", path.At("backend"));
        }

        Add(null, "/", ingress.At("spec", "defaultBackend"));
        return paths;

        void Add(string? host, string path, ApiFields? backend)
        {
            var reachable = string.IsNullOrEmpty(host) || host.StartsWith('*') ? address : host;
            if (reachable is null || backend?.Text("service", "name") is not { } service) return;
            var scheme = host is not null && secured.Contains(host) ? "https" : "http";
            var literal = LiteralPart(path);
            if (Uri.TryCreate($"{scheme}://{(reachable.Contains(':', StringComparison.Ordinal) ? $"[{reachable}]" : reachable)}{literal}", UriKind.Absolute, out var uri))
            {
                paths.Add(new IngressPath(name, space, path, service, uri));
            }
        }
    }

    /// <summary>The part of a path before it becomes a regular expression, as ingress-nginx allows: <c>/api(/|$)(.*)</c> gives <c>/api</c>.</summary>
    private static string LiteralPart(string path)
    {
        var end = path.AsSpan().IndexOfAny(s_patternStart);
        var literal = end < 0 ? path : path[..end];
        return literal.StartsWith('/') ? literal : "/" + literal;
    }
}
