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
            service.ObservedGeneration = service.Generation;
            service.Endpoints = Compute(service);
            service.Backends = Ready(service);
        }

        state.Changed += OnChanged;
        state.Relabelled += OnRelabelled;
    }

    private void OnChanged(ObjectChange change)
    {
        if (change is { Target: SimulatedService service, Type: not ChangeType.Deleted } && service.ObservedGeneration != service.Generation)
        {
            service.ObservedGeneration = service.Generation;
            Adopt(service);
            _queue.Add(service);
        }

        if (change.Target is not SimulatedPod pod) return;
        foreach (var selecting in _state.ServiceIndex.Selecting(pod))
        {
            if (change.Type == ChangeType.Added) selecting.Pods.Add(pod);
            else if (change.Type == ChangeType.Deleted) selecting.Pods.Remove(pod);
            _queue.Add(selecting);
        }
    }

    private void Adopt(SimulatedService service)
    {
        service.Pods.Clear();
        if (service.Spec.Selector.Requirements.Count == 0) return;
        foreach (var pod in _state.PodsOf(service.Namespace))
        {
            if (service.Spec.Selector.Matches(pod.Labels)) service.Pods.Add(pod);
        }
    }

    private void OnRelabelled(SimulatedPod pod)
    {
        foreach (var service in _state.Services)
        {
            if (service.Namespace != pod.Namespace || service.Spec.Selector.Requirements.Count == 0) continue;
            var had = service.Pods.Remove(pod);
            var has = service.Spec.Selector.Matches(pod.Labels);
            if (has) service.Pods.Add(pod);
            if (had || has) _queue.Add(service);
        }
    }

    private void Sync(SimulatedService service)
    {
        if (service.IsGone) return;
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
