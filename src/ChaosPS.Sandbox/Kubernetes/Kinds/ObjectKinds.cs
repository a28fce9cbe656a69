using ChaosPS.Sandbox.Kubernetes.Store;

namespace ChaosPS.Sandbox.Kubernetes.Kinds;

/// <summary>Which types the simulation has a part of. All others are kept as they were written.</summary>
internal static class ObjectKinds
{
    /// <summary>The kind of every type.</summary>
    public static Dictionary<ResourceType, ObjectKind> All(ObjectStore store)
    {
        ObjectKind[] living =
        [
            new NodeKind(store),
            new LeaseKind(store),
            new NamespaceKind(store),
            new PodKind(store),
            new WorkloadKind(ResourceTypes.Deployment, store),
            new WorkloadKind(ResourceTypes.StatefulSet, store),
            new WorkloadKind(ResourceTypes.DaemonSet, store),
            new ReplicaSetKind(store),
            new JobKind(store),
            new DefinitionKind(store),
            new AutoscalerKind(store),
            new VolumeClaimKind(store),
            new PriorityClassKind(store),
            new DisruptionBudgetKind(store),
            new ServiceKind(store),
            new EndpointSliceKind(store),
            new EndpointsKind(store),
            new IngressKind(store),
            new EventKind(ResourceTypes.Event, store),
            new EventKind(ResourceTypes.NewEvent, store),
        ];
        var kinds = living.ToDictionary(kind => kind.Type);
        foreach (var type in ResourceTypes.All) kinds.TryAdd(type, new ObjectKind(type, store));
        return kinds;
    }
}
