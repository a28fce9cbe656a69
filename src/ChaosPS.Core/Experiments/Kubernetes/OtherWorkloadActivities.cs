namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.statefulset</c>, <c>chaosk8s.daemonset</c> and <c>chaosk8s.replicaset</c>.</summary>
internal static class OtherWorkloadActivities
{
    private const string StatefulActions = "chaosk8s.statefulset.actions";
    private const string DaemonActions = "chaosk8s.daemonset.actions";

    private static readonly Availability s_stateful = Availability.OfReplicas("chaosk8s.statefulset.probes", Kinds.StatefulSet);
    private static readonly Availability s_daemons = Availability.OfDaemons("chaosk8s.daemonset.probes", Kinds.DaemonSet);

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        ObjectActivities.Create(StatefulActions, "create_statefulset", Kinds.StatefulSet),
        ObjectActivities.Scale(StatefulActions, "scale_statefulset", Kinds.StatefulSet),
        ObjectActivities.DeleteMatching(StatefulActions, "remove_statefulset", Kinds.StatefulSet),
        s_stateful.Wait("statefulset_fully_available", "raise_on_not_fully_available", full: true),
        s_stateful.Wait("statefulset_not_fully_available", "raise_on_fully_available", full: false),
        ObjectActivities.Create(DaemonActions, "create_daemon_set", Kinds.DaemonSet),
        ObjectActivities.DeleteMatching(DaemonActions, "delete_daemon_set", Kinds.DaemonSet),
        ObjectActivities.Update(DaemonActions, "update_daemon_set", Kinds.DaemonSet),
        s_daemons.Healthy("daemon_set_available_and_healthy", raise: null),
        s_daemons.Partial("daemon_set_partially_available", raise: null),
        s_daemons.Wait("daemon_set_fully_available", raise: null, full: true),
        s_daemons.Wait("daemon_set_not_fully_available", raise: null, full: false),
        ObjectActivities.DeleteMatching("chaosk8s.replicaset.actions", "delete_replica_set", Kinds.ReplicaSet),
    ];
}
