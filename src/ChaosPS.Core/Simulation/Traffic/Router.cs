using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Traffic;

/// <summary>The way of one request: load balancer, ingress controller on a node, Service, pod.</summary>
internal sealed class Router(ClusterState state, LoadBalancer loadBalancer)
{
    // Its own chance: asking the application does not change what happens to the cluster.
    private readonly Random _chance = new(unchecked((state.Options.Seed * 397) ^ 0x5EED));

    public RouteOutcome Route(string path, string? host = null)
    {
        var draw = (ulong)_chance.NextInt64();
        var nodes = loadBalancer.HealthyNodes;
        if (nodes.Count == 0) return Hang("The load balancer has no healthy node.");
        var entry = nodes[Take(ref draw, nodes.Count)];
        if (!loadBalancer.Answers(entry)) return Hang($"The load balancer sent it to node {entry}, which is dead.");

        if (FindPath(path, host) is not { } ingressPath) return Answer(404, "No ingress path matches.", null, null, ref draw);
        var service = state.ServiceIndex.Find(ingressPath.Namespace, ingressPath.ServiceName);
        if (service is null || service.Backends is not { Count: > 0 } pods)
            return Answer(503, $"Service {ingressPath.ServiceName} has no ready endpoint.", service, null, ref draw);

        // An ingress controller whose connection is refused tries the next endpoint; one that gets no answer at all waits.
        var first = Take(ref draw, pods.Count);
        for (var i = 0; i < pods.Count; i++)
        {
            var pod = pods[(first + i) % pods.Count];
            if (pod.Answers) return Delayed(Answer(200, $"Pod {pod.Name} answered.", service, pod, ref draw), entry, ref draw);
            if (state.FindNode(pod.NodeName) is not { Machine.IsOn: true })
                return new RouteOutcome(null, TimeSpan.Zero, $"Pod {pod.Name} is on node {pod.NodeName}, which is dead.", service, pod);
        }

        return Answer(502, $"No pod of Service {service.Name} takes connections.", service, null, ref draw);
    }

    /// <summary>The share of requests that the load balancer sends to a node that is dead.</summary>
    /// <param name="others">Healthy nodes that the simulation does not have.</param>
    /// <returns>0 where nobody knows of any ingress controller.</returns>
    public double FailingEntries(int others)
    {
        var (all, dead) = (others + loadBalancer.HealthyNodes.Count, 0);
        if (all == 0) return loadBalancer.HasBackends ? 1 : 0;
        foreach (var node in loadBalancer.HealthyNodes)
        {
            if (!loadBalancer.Answers(node)) dead++;
        }

        return (double)dead / all;
    }

    /// <summary>The share of requests to a Service that fail: <see cref="Route"/> without chance.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="retries">Whether the next pod is tried when a connection is refused, as ingress controllers do and kube-proxy does not.</param>
    public double FailingShare(SimulatedService service, bool retries)
    {
        var pods = service.Backends;
        if (pods.Count == 0) return 1;
        var failing = 0;
        for (var first = 0; first < pods.Count; first++)
        {
            var at = first;
            while (retries && at < first + pods.Count && Refuses(pods[at % pods.Count])) at++;
            if (at == first + pods.Count || !pods[at % pods.Count].Answers) failing++;
        }

        return (double)failing / pods.Count;
    }

    /// <summary>Whether the pod's machine runs, but the application does not: a connection is refused at once, where a dead machine's hangs.</summary>
    private bool Refuses(SimulatedPod pod) => !pod.Answers && state.FindNode(pod.NodeName) is { Machine.IsOn: true };

    private static RouteOutcome Hang(string reason) => new(null, TimeSpan.Zero, reason, null, null);

    private RouteOutcome Answer(int status, string reason, SimulatedService? service, SimulatedPod? pod, ref ulong draw)
    {
        var (shortest, longest) = state.Options.RequestLatency;
        var share = Take(ref draw, 1024) / 1024.0;
        return new RouteOutcome(status, shortest + ((longest - shortest) * share), reason, service, pod);
    }

    /// <summary>The answer as late as the faults inside machines make it: busy processors where the pod is, and delays of each machine on the way that sends.</summary>
    private RouteOutcome Delayed(RouteOutcome outcome, string entry, ref ulong draw)
    {
        var at = outcome.Pod!.NodeName!;
        var latency = state.FindNode(at) is { } node ? outcome.Latency * node.Machine.Slowness : outcome.Latency;
        if (at != entry)
        {
            latency += Sending(entry, ref draw); // the request, from the ingress controller to the pod
            latency += Sending(at, ref draw); // the answer, back to it
        }

        latency += Sending(entry, ref draw); // the answer, to the user
        return latency == outcome.Latency ? outcome : outcome with { Latency = latency };
    }

    private TimeSpan Sending(string node, ref ulong draw)
    {
        if (state.FindNode(node)?.Machine.SendingDelay is not { Delay: { } delay, Jitter: { } jitter }) return TimeSpan.Zero;
        return TimeSpan.FromMilliseconds(jitter == 0 ? delay : delay - jitter + Take(ref draw, (2 * jitter) + 1));
    }

    /// <summary>Part of the one draw that a request has.</summary>
    private static int Take(ref ulong draw, int choices)
    {
        var choice = (int)(draw % (ulong)choices);
        draw /= (ulong)choices;
        return choice;
    }

    /// <summary>The longest path that matches, of those of the host; a host that no Ingress names has the paths of all.</summary>
    private IngressPath? FindPath(string path, string? host)
    {
        var named = host is not null && state.IngressPaths.Exists(candidate => IsOf(candidate, host));
        var query = path.IndexOfAny(['?', '#']);
        var asked = (query < 0 ? path : path[..query]).AsSpan();
        IngressPath? best = null;
        foreach (var candidate in state.IngressPaths)
        {
            if (named && !IsOf(candidate, host!)) continue;
            if (IsPrefix(candidate.Path, asked) && (best is null || candidate.Path.Length > best.Path.Length)) best = candidate;
        }

        return best;
    }

    private static bool IsOf(IngressPath path, string host) => path.Uri.Host.Equals(host, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path type Prefix: whole elements count, a slash at the end does not.</summary>
    private static bool IsPrefix(string prefix, ReadOnlySpan<char> path)
    {
        var trimmed = prefix.AsSpan().TrimEnd('/');
        if (!path.StartsWith(trimmed, StringComparison.Ordinal)) return false;
        return path.Length == trimmed.Length || path[trimmed.Length] == '/';
    }
}
