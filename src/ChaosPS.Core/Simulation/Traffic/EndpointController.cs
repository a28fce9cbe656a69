namespace ChaosPS.Simulation.Traffic;

/// <summary>Keeps the endpoints of Services, and brings them to proxies and ingress controllers a second or two later.</summary>
/// <remarks>Source: k8s.io/endpointslice; an endpoint is ready when its pod is Ready and not being deleted.</remarks>
internal sealed class EndpointController
{
    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedService> _queue;
    private readonly Dictionary<string, List<SimulatedService>> _byNamespace = [];
    private readonly HashSet<SimulatedService> _onTheWay = [];

    public EndpointController(ClusterState state)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedService>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        foreach (var service in state.Services)
        {
            if (!_byNamespace.TryGetValue(service.Namespace, out var services)) _byNamespace.Add(service.Namespace, services = []);
            services.Add(service);
            service.Endpoints = Compute(service);
            service.Backends = Ready(service);
        }

        state.Changed += OnChanged;
    }

    private void OnChanged(ObjectChange change)
    {
        if (change.Target is not SimulatedPod pod || !_byNamespace.TryGetValue(pod.Namespace, out var services)) return;
        foreach (var service in services)
        {
            if (service.Spec.Selector.Matches(pod.Labels)) _queue.Add(service);
        }
    }

    private void Sync(SimulatedService service)
    {
        var endpoints = Compute(service);
        if (endpoints.SequenceEqual(service.Endpoints)) return;
        service.Endpoints = endpoints;
        _state.Touch(service);
        if (!_onTheWay.Add(service)) return;
        _state.Events.After(_state.Options.ProxySync.Draw(_state.Chance), () =>
        {
            _onTheWay.Remove(service);
            service.Backends = Ready(service);
        });
    }

    private List<ServiceEndpoint> Compute(SimulatedService service)
    {
        List<ServiceEndpoint> endpoints = [];
        foreach (var pod in _state.PodsOf(service.Namespace))
        {
            if (pod.PodIP is null || pod.Phase is "Succeeded" or "Failed" || !service.Spec.Selector.Matches(pod.Labels)) continue;
            endpoints.Add(new ServiceEndpoint(pod, pod.PodIP, pod.Ready && !pod.Terminating, pod.Ready, pod.Terminating));
        }

        endpoints.Sort(static (left, right) => string.CompareOrdinal(left.Pod.Name, right.Pod.Name));
        return endpoints;
    }

    private static List<SimulatedPod> Ready(SimulatedService service)
    {
        List<SimulatedPod> ready = [];
        foreach (var endpoint in service.Endpoints)
        {
            if (endpoint.Ready) ready.Add(endpoint.Pod);
        }

        return ready;
    }
}
