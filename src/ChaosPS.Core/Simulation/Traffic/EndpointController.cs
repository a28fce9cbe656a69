namespace ChaosPS.Simulation.Traffic;

/// <summary>Keeps the endpoints of Services, and brings them to proxies and ingress controllers a second or two later.</summary>
/// <remarks>Source: k8s.io/endpointslice; an endpoint is ready when its pod is Ready and not being deleted.</remarks>
internal sealed class EndpointController
{
    private readonly ClusterState _state;
    private readonly WorkQueue<SimulatedService> _queue;
    private readonly HashSet<SimulatedService> _onTheWay = [];

    public EndpointController(ClusterState state)
    {
        _state = state;
        _queue = new WorkQueue<SimulatedService>(state.Events, () => state.Options.ControllerLatency.Draw(state.Chance), Sync);
        foreach (var pod in state.Pods)
        {
            foreach (var service in state.ServiceIndex.Selecting(pod)) service.Pods.Add(pod);
        }

        foreach (var service in state.Services)
        {
            service.Endpoints = Compute(service);
            service.Backends = Ready(service);
        }

        state.Changed += OnChanged;
    }

    private void OnChanged(ObjectChange change)
    {
        if (change is { Target: SimulatedService made, Type: ChangeType.Added })
        {
            foreach (var present in _state.PodsOf(made.Namespace))
            {
                if (_state.ServiceIndex.Selecting(present).Contains(made)) made.Pods.Add(present);
            }

            _queue.Add(made);
        }

        if (change.Target is not SimulatedPod pod) return;
        foreach (var service in _state.ServiceIndex.Selecting(pod))
        {
            if (change.Type == ChangeType.Added) service.Pods.Add(pod);
            else if (change.Type == ChangeType.Deleted) service.Pods.Remove(pod);
            _queue.Add(service);
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

    private static List<ServiceEndpoint> Compute(SimulatedService service)
    {
        List<ServiceEndpoint> endpoints = [];
        foreach (var pod in service.Pods)
        {
            if (pod.PodIP is null || pod.Phase is "Succeeded" or "Failed") continue;
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
