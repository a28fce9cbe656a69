using ChaosPS.Clusters;
using ChaosPS.Simulation.Workloads;

namespace ChaosPS.Simulation;

/// <summary>An endpoint of a Service.</summary>
/// <param name="Pod">The pod behind it.</param>
/// <param name="Address">The pod's address.</param>
/// <param name="Ready">Whether traffic should go there: serving and not terminating.</param>
/// <param name="Serving">Whether the pod is ready.</param>
/// <param name="Terminating">Whether the pod is being deleted.</param>
public sealed record ServiceEndpoint(SimulatedPod Pod, string Address, bool Ready, bool Serving, bool Terminating);

/// <summary>A Service with its EndpointSlice and what the proxies made of that so far.</summary>
/// <remarks>The resource version is the one of the EndpointSlice: a Service itself does not change here.</remarks>
public sealed class SimulatedService : SimulatedObject
{
    internal SimulatedService(ServiceSpec spec, string uid, DateTimeOffset creationTimestamp)
        : base("Service", spec.Namespace, spec.Name, uid, creationTimestamp)
    {
        Spec = spec;
        SliceName = $"{spec.Name}-{SafeText.Encode(Mixing.Of(0, uid), 5)}";
    }

    /// <summary>Its selector and port.</summary>
    public ServiceSpec Spec { get; internal set; }

    /// <summary>The name of its EndpointSlice.</summary>
    public string SliceName { get; }

    /// <summary>Its endpoints as the EndpointSlice has them, in the order of pod names.</summary>
    public IReadOnlyList<ServiceEndpoint> Endpoints { get; internal set; } = [];

    /// <summary>The pods that proxies and ingress controllers send to at present, a second or two behind <see cref="Endpoints"/>.</summary>
    public IReadOnlyList<SimulatedPod> Backends { get; internal set; } = [];

    /// <summary>The generation of the selector that <see cref="Pods"/> were found with.</summary>
    internal long ObservedGeneration { get; set; }

    /// <summary>The pods that its selector matches, in whatever state.</summary>
    internal List<SimulatedPod> Pods { get; } = [];
}
