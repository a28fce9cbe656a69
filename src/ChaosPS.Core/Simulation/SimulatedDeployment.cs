using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>A Deployment and its status.</summary>
public sealed class SimulatedDeployment : SimulatedWorkload
{
    internal SimulatedDeployment(Workload spec, string uid, DateTimeOffset creationTimestamp)
        : base(spec, uid, creationTimestamp)
    {
    }

    /// <summary>The revision of the newest template (annotation <c>deployment.kubernetes.io/revision</c>).</summary>
    public int Revision { get; internal set; }

    /// <summary>Available and Progressing.</summary>
    public IReadOnlyList<DeploymentCondition> Conditions { get; internal set; } = [];

    /// <summary>Its replica sets, oldest first.</summary>
    public IReadOnlyList<SimulatedReplicaSet> ReplicaSets => OwnReplicaSets;

    internal List<SimulatedReplicaSet> OwnReplicaSets { get; } = [];

    /// <summary>The condition of that type; null when it has none.</summary>
    public DeploymentCondition? FindCondition(string type)
    {
        foreach (var condition in Conditions)
        {
            if (condition.Type == type) return condition;
        }

        return null;
    }
}
