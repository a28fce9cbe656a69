using System.Globalization;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Processes;

/// <summary>The container that a request to the subresource of a pod means, as the API server and the kubelet find it.</summary>
/// <param name="Item">The pod as the API has it.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Name">The container.</param>
internal sealed record ContainerTarget(ApiObject Item, SimulatedPod Pod, string Name)
{
    /// <summary>How long an API server tries to reach a kubelet.</summary>
    /// <remarks>Source: the dialer of https://github.com/kubernetes/kubernetes/blob/v1.32.0/pkg/kubelet/client/kubelet_client.go .</remarks>
    private static readonly TimeSpan s_dialTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The container as its kubelet last reported it; null before it did.</summary>
    public ContainerStatus? Status => Pod.Containers.FirstOrDefault(status => status.Name == Name);

    /// <summary>Finds it.</summary>
    /// <exception cref="StatusException">There is no such pod or container, or the pod has several and none is named.</exception>
    public static ContainerTarget Find(FaceRequest request, ResourcePath path, ObjectStore store)
    {
        var item = store.Get(path.Type, path.Namespace!, path.Name!);
        var pod = (SimulatedPod)item.Live!;
        string[] names = [.. pod.Spec.Containers.Select(static container => container.Name)];
        var wanted = request.Query("container") is { Length: > 0 } name ? name : names is [var only] ? only : null;
        if (wanted is null) throw StatusException.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', names)}]");
        return names.Contains(wanted) ? new ContainerTarget(item, pod, wanted) : throw StatusException.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
    }

    /// <summary>Why its kubelet cannot be asked; null when it can. A dead machine is found out only when the server gives up.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="what">What the kubelet is asked for: <c>containerLogs</c> or <c>exec</c>.</param>
    /// <exception cref="StatusException">There is no such node.</exception>
    public FaceResponse? Unreachable(ObjectStore store, string what)
    {
        var node = store.Simulation.FindNode(Pod.NodeName!) ?? throw StatusException.NotFound(ResourceTypes.Node, Pod.NodeName!);
        if (node.KubeletRuns) return null;
        var kubelet = $"{node.Spec.InternalIP}:10250";
        var why = node.Machine.IsOn ? "connect: connection refused" : "i/o timeout";
        var refusal = StatusException.Internal($"Get \"https://{kubelet}/{what}/{Pod.Namespace}/{Pod.Name}/{Name}\": dial tcp {kubelet}: {why}").ToResponse();
        return node.Machine.IsOn ? refusal : refusal.After(s_dialTimeout);
    }

    /// <summary>A number of the query; null when it is not there.</summary>
    /// <exception cref="StatusException">It is none, or too small.</exception>
    public static long? Number(FaceRequest request, string name, long least)
    {
        if (request.Query(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw StatusException.BadRequest($"PodLogOptions is invalid: {name}: Invalid value: \"{text}\": must be a number, and at least {least}");
    }
}
