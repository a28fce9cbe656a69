namespace ChaosPS.Simulation.Workloads;

/// <summary>The status that a Deployment should have, from its replica sets.</summary>
/// <remarks>Source: kubernetes/pkg/controller/deployment/progress.go and sync.go.</remarks>
internal sealed record DeploymentStatus(int Current, int Updated, int Ready, int Available, int Unavailable)
{
    public const string Progressing = "Progressing";
    public const string AvailableType = "Available";
    public const string NewAvailable = "NewReplicaSetAvailable";
    public const string NewCreated = "NewReplicaSetCreated";
    public const string Paused = "DeploymentPaused";
    public const string DeadlineExceeded = "ProgressDeadlineExceeded";

    public static DeploymentStatus Compute(SimulatedDeployment deployment, SimulatedReplicaSet? newest)
    {
        var (wanted, current, ready, available) = (0, 0, 0, 0);
        foreach (var replicaSet in deployment.ReplicaSets)
        {
            wanted += replicaSet.Replicas;
            current += replicaSet.CurrentReplicas;
            ready += replicaSet.ReadyReplicas;
            available += replicaSet.AvailableReplicas;
        }

        return new DeploymentStatus(current, newest?.CurrentReplicas ?? 0, ready, available, Math.Max(0, wanted - available));
    }

    public static DeploymentStatus Of(SimulatedDeployment deployment) => new(
        deployment.CurrentReplicas, deployment.UpdatedReplicas, deployment.ReadyReplicas,
        deployment.AvailableReplicas, deployment.UnavailableReplicas);

    public void WriteTo(SimulatedDeployment deployment)
    {
        deployment.CurrentReplicas = Current;
        deployment.UpdatedReplicas = Updated;
        deployment.ReadyReplicas = Ready;
        deployment.AvailableReplicas = Available;
        deployment.UnavailableReplicas = Unavailable;
    }

    public bool IsComplete(int replicas) => Updated == replicas && Current == replicas && Available == replicas;

    public bool IsProgressSince(DeploymentStatus before) =>
        Updated > before.Updated || Current - Updated < before.Current - before.Updated || Ready > before.Ready || Available > before.Available;

    /// <summary>Available: enough of the wanted replicas are.</summary>
    public void SetAvailable(SimulatedDeployment deployment, DateTimeOffset now)
    {
        var enough = Available >= deployment.Spec.Replicas - RollingUpdate.MaxUnavailable(deployment.Spec);
        if (enough) Set(deployment, AvailableType, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        else Set(deployment, AvailableType, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
    }

    /// <summary>Progressing: whether the rollout goes on, is complete, or has taken too long.</summary>
    public void SetProgressing(SimulatedDeployment deployment, SimulatedReplicaSet newest, TimeSpan deadline, DateTimeOffset now)
    {
        var condition = deployment.FindCondition(Progressing);
        if (Current == Updated && condition is { Reason: NewAvailable }) return;
        if (IsComplete(deployment.Spec.Replicas))
        {
            Set(deployment, Progressing, "True", NewAvailable, $"ReplicaSet \"{newest.Name}\" has successfully progressed.", now);
        }
        else if (IsProgressSince(Of(deployment)))
        {
            Set(deployment, Progressing, "True", "ReplicaSetUpdated", $"ReplicaSet \"{newest.Name}\" is progressing.", now, refresh: true);
        }
        else if (condition is not null && condition.Reason != NewAvailable && now >= condition.LastUpdateTime + deadline)
        {
            Set(deployment, Progressing, "False", DeadlineExceeded, $"ReplicaSet \"{newest.Name}\" has timed out progressing.", now);
        }
    }

    /// <summary>Sets a condition. Its times stay when status and reason do, unless it is to be refreshed.</summary>
    public static void Set(
        SimulatedDeployment deployment, string type, string status, string reason, string message, DateTimeOffset now, bool refresh = false)
    {
        List<DeploymentCondition> conditions = [.. deployment.Conditions];
        var at = conditions.FindIndex(condition => condition.Type == type);
        if (at < 0)
        {
            conditions.Add(new DeploymentCondition(type, status, reason, message, now, now));
        }
        else
        {
            var old = conditions[at];
            if (!refresh && old.Status == status && old.Reason == reason) return;
            conditions[at] = new DeploymentCondition(
                type, status, reason, message, now, old.Status == status ? old.LastTransitionTime : now);
        }

        deployment.Conditions = conditions;
    }
}
