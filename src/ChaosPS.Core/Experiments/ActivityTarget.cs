using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Faults;

namespace ChaosPS.Experiments;

/// <summary>What an action was resolved to when the run began.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
public abstract record ActivityTarget(RunPhase Phase, string Activity)
{
    /// <summary>What is done to it, such as <c>PowerOff</c> or <c>delete</c>.</summary>
    public abstract string Action { get; }

    /// <summary>What it is, as people know it.</summary>
    public abstract string Name { get; }

    /// <summary>What tells it from everything else in the cluster.</summary>
    public abstract string Id { get; }

    /// <summary>The id, and of what is in Azure the tenant and the cloud.</summary>
    public string FullName { get => field ?? Id; init; }

    /// <summary>Whether it cannot be undone.</summary>
    public virtual bool Irreversible => false;

    /// <summary>What will be done, in words.</summary>
    public sealed override string ToString() => $"{Action} {Name}";
}

/// <summary>A machine that an action was resolved to.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Instance">The machine, as it was when the run began.</param>
public abstract record MachineTarget(RunPhase Phase, string Activity, ScaleSetInstance Instance) : ActivityTarget(Phase, Activity)
{
    /// <inheritdoc/>
    public sealed override string Name => Instance.ComputerName ?? Instance.Name;

    /// <inheritdoc/>
    public sealed override string Id => Instance.ResourceId;
}

/// <summary>A machine whose power an action changes.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Power">What it does to the machine.</param>
/// <param name="Instance">The machine, as it was when the run began.</param>
public sealed record PowerTarget(RunPhase Phase, string Activity, PowerAction Power, ScaleSetInstance Instance) : MachineTarget(Phase, Activity, Instance)
{
    /// <inheritdoc/>
    public override string Action => Power.ToString();

    /// <inheritdoc/>
    public override bool Irreversible => Power.IsIrreversible();
}

/// <summary>A machine inside which an action begins a fault.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Instance">The machine, as it was when the run began.</param>
public sealed record FaultTarget(RunPhase Phase, string Activity, FaultSpec Fault, ScaleSetInstance Instance) : MachineTarget(Phase, Activity, Instance)
{
    /// <inheritdoc/>
    public override string Action => $"{Fault.Fault} fault";
}

/// <summary>An AKS cluster that an action was resolved to.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Power">What it does to the cluster: PowerOff, Start or Delete.</param>
/// <param name="Cluster">The cluster, as it was when the run began.</param>
public sealed record ClusterTarget(RunPhase Phase, string Activity, PowerAction Power, AksCluster Cluster) : ActivityTarget(Phase, Activity)
{
    /// <inheritdoc/>
    public override string Action => Power.ToString();

    /// <inheritdoc/>
    public override string Name => $"AKS cluster {Cluster.Name}";

    /// <inheritdoc/>
    public override string Id => Cluster.ResourceId;

    /// <inheritdoc/>
    public override bool Irreversible => Power != PowerAction.Start; // a stopped one loses the pods that no controller makes again
}

/// <summary>An object of the Kubernetes API that an action was resolved to.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Verb">What it does to the object: create, change, delete, evict, run.</param>
/// <param name="Object">The object.</param>
/// <param name="CannotBeUndone">Whether nothing brings it back.</param>
public sealed record ObjectTarget(RunPhase Phase, string Activity, string Verb, ObjectReference Object, bool CannotBeUndone) : ActivityTarget(Phase, Activity)
{
    /// <inheritdoc/>
    public override string Action => Verb;

    /// <inheritdoc/>
    public override string Name => Object.ToString();

    /// <inheritdoc/>
    public override string Id => $"{Object.Resource}/{(Object.Namespace is null ? "" : $"{Object.Namespace}/")}{Object.Name}";

    /// <inheritdoc/>
    public override bool Irreversible => CannotBeUndone;
}

/// <summary>A file or directory of this machine that an action was resolved to.</summary>
/// <param name="Phase">Method or rollbacks.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Verb">What it does to it: rename, remove, create.</param>
/// <param name="Path">Its whole path.</param>
/// <param name="Destination">Its whole path afterwards; null where it stays or goes.</param>
/// <param name="CannotBeUndone">Whether something is lost that was there before the run.</param>
public sealed record FileTarget(RunPhase Phase, string Activity, string Verb, string Path, string? Destination, bool CannotBeUndone) : ActivityTarget(Phase, Activity)
{
    /// <inheritdoc/>
    public override string Action => Verb;

    /// <inheritdoc/>
    public override string Name => Destination is null ? Path : $"{Path} to {Destination}";

    /// <inheritdoc/>
    public override string Id => Path;

    /// <inheritdoc/>
    public override bool Irreversible => CannotBeUndone;
}
