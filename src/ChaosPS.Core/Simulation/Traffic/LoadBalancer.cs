namespace ChaosPS.Simulation.Traffic;

/// <summary>The Azure load balancer before the ingress controllers: it believes its health probes, and those come late.</summary>
/// <remarks>Probe interval 5 s and threshold 2 are what cloud-provider-azure sets: a dead node is left out 5 to 10 s after its death.</remarks>
internal sealed class LoadBalancer
{
    private readonly ClusterState _state;
    private readonly SortedDictionary<string, Backend> _backends = new(StringComparer.Ordinal);
    private readonly List<string> _healthy = [];

    public LoadBalancer(ClusterState state)
    {
        _state = state;
        foreach (var pod in state.Pods)
        {
            if (!IsIngressController(pod) || pod.NodeName is null) continue;
            var backend = Get(pod.NodeName);
            backend.Healthy |= pod.IsAlive;
        }

        Publish();
        state.AliveChanged += pod =>
        {
            if (IsIngressController(pod) && pod.NodeName is not null) Watch(Get(pod.NodeName));
        };
    }

    /// <summary>The nodes that it sends to, in the order of their names.</summary>
    public IReadOnlyList<string> HealthyNodes => _healthy;

    /// <summary>Whether there is, or was, any ingress controller.</summary>
    public bool HasBackends => _backends.Count > 0;

    /// <summary>Whether an ingress controller on that node would really take a request.</summary>
    public bool Answers(string nodeName)
    {
        if (_state.FindNode(nodeName) is not { } node) return false;
        foreach (var pod in node.Pods)
        {
            if (pod.IsAlive && IsIngressController(pod)) return true;
        }

        return false;
    }

    private bool IsIngressController(SimulatedPod pod) => _state.Options.IngressControllers.Matches(pod.Labels);

    private Backend Get(string nodeName)
    {
        if (_backends.TryGetValue(nodeName, out var backend)) return backend;
        var interval = _state.Options.LoadBalancerProbeInterval;
        backend = new Backend(nodeName, _state.Now + (interval * Mixing.Share(Mixing.Of(_state.Options.Seed, "probe", nodeName))));
        _backends.Add(nodeName, backend);
        return backend;
    }

    /// <summary>Probes go on for ever; only those between a change and its discovery matter, so only those are played.</summary>
    private void Watch(Backend backend)
    {
        if (backend.Watched) return;
        backend.Watched = true;
        backend.Misses = 0;
        PlanProbe(backend);
    }

    private void PlanProbe(Backend backend)
    {
        var interval = _state.Options.LoadBalancerProbeInterval;
        var passed = (_state.Now - backend.FirstProbe).Ticks / interval.Ticks;
        var next = backend.FirstProbe > _state.Now ? backend.FirstProbe : backend.FirstProbe + (interval * (passed + 1));
        _state.Events.At(next, () => Probe(backend));
    }

    private void Probe(Backend backend)
    {
        var answers = Answers(backend.NodeName);
        backend.Misses = answers ? 0 : backend.Misses + 1;
        if (answers || backend.Misses >= _state.Options.LoadBalancerProbeThreshold)
        {
            backend.Watched = false;
            backend.Healthy = answers;
            Publish();
        }
        else
        {
            PlanProbe(backend);
        }
    }

    private void Publish()
    {
        _healthy.Clear();
        foreach (var backend in _backends.Values)
        {
            if (backend.Healthy) _healthy.Add(backend.NodeName);
        }
    }

    private sealed class Backend(string nodeName, DateTimeOffset firstProbe)
    {
        public string NodeName { get; } = nodeName;

        public DateTimeOffset FirstProbe { get; } = firstProbe;

        public bool Healthy { get; set; }

        public bool Watched { get; set; }

        public int Misses { get; set; }
    }
}
