using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>One change of one object that an action makes.</summary>
/// <param name="Verb">What is done: create, change, delete, cordon, uncordon, drain, run.</param>
/// <param name="Object">The object.</param>
internal abstract record ActionStep(string Verb, ObjectReference Object)
{
    /// <summary>Whether it cannot be undone, so that a run must allow it.</summary>
    public virtual bool Irreversible => false;

    /// <summary>Whether it leaves a workload without pods.</summary>
    public virtual bool EndsWorkload => false;

    /// <summary>Makes the change, written to the recovery log first.</summary>
    /// <returns>What the API answers; null where nobody asks.</returns>
    public abstract Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken);
}

/// <summary>A change of an object through the verbs that all kinds have.</summary>
/// <param name="Verb">create, change or delete.</param>
/// <param name="Object">The object.</param>
/// <param name="Intent">What goes to the recovery log first; null in a plan, where an activity before this one makes the object.</param>
/// <param name="Send">Makes the change; returns what the API answers.</param>
internal sealed record ObjectStep(
    string Verb, ObjectReference Object, ChangeIntent? Intent, Func<ICluster, CancellationToken, Task<JsonElement>> Send) : ActionStep(Verb, Object)
{
    /// <inheritdoc/>
    public override bool Irreversible => Intent is { Reversibility: Reversibility.Impossible };

    /// <inheritdoc/>
    public override bool EndsWorkload => (Verb == "delete" && Object.Resource.Group == "apps") || Intent is ReplicaIntent { Replicas: 0 };

    /// <inheritdoc/>
    public override async Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken)
    {
        // What a rollback does, and what takes away again what this run has made, is a putting back.
        var isRepair = call.Phase == RunPhase.Rollbacks;
        var intent = Intent! with { PutsBack = isRepair || (Verb == "delete" && call.Makes(Object)) };
        if (intent is { PutsBack: false, Reversibility: Reversibility.Impossible } && !context.AllowIrreversible)
            throw ChaosErrors.IrreversibleNotAllowed(call.Activity, Verb, $"{Verb} {Object}");
        await context.Gate.CheckAsync(Object, isRepair, cancellationToken);
        if (EndsWorkload && !intent.PutsBack) await context.Gate.CheckEndAsync(Object, null, cancellationToken);
        context.Log.Write(ChaosLogLevel.Verbose, $"{Verb} {Object}");
        var change = context.Changes.Intend(intent);
        var answer = await context.Changes.SendAsync(change, () => Send(context.Connection.Cluster, cancellationToken));
        if (intent is ObjectCreateIntent) context.Changes.NoteMade(change, Manifest.Uid(answer));
        else context.Changes.Note(change, ChangeState.Done);
        return answer;
    }
}

/// <summary>A pod that is deleted. Its controller makes another one.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="GracePeriodSeconds">Seconds between the termination signal and the kill; null for the pod's own.</param>
internal sealed record PodStep(ClusterPod Pod, int? GracePeriodSeconds) : ActionStep("delete", new ObjectReference(Kinds.Pod, Pod.Namespace, Pod.Name))
{
    /// <inheritdoc/>
    public override bool Irreversible => Pod.OwnerKind is null;

    /// <inheritdoc/>
    public override async Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken)
    {
        PodOperations.Check([Pod], includeUnmanaged: context.AllowIrreversible);
        await new PodOperations(context.Connection, context.Changes, context.Gate, context.Log)
            .DeleteAsync(Pod, PodChoice.Of(PodMode.All, null, null, seed: 0), GracePeriodSeconds, cancellationToken);
        return null;
    }
}

/// <summary>A node that no new pods come to, or come to again.</summary>
/// <param name="Node">The node.</param>
/// <param name="Unschedulable">Whether it is cordoned.</param>
internal sealed record CordonStep(ClusterNode Node, bool Unschedulable)
    : ActionStep(Unschedulable ? "cordon" : "uncordon", new ObjectReference(Kinds.Node, null, Node.Name))
{
    /// <inheritdoc/>
    public override async Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken)
    {
        var operations = new NodeOperations(context.Connection, context.Changes, context.Gate, context.Log, held: false);
        if (Unschedulable) await operations.CordonAsync(Node, cancellationToken);
        else await operations.UncordonAsync(Node, cancellationToken);
        return null;
    }
}

/// <summary>A node that is cordoned and emptied.</summary>
/// <param name="Node">The node.</param>
/// <param name="Options">Which pods go, and how long it may take.</param>
internal sealed record DrainStep(ClusterNode Node, DrainOptions Options) : ActionStep("drain", new ObjectReference(Kinds.Node, null, Node.Name))
{
    /// <inheritdoc/>
    public override async Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken)
    {
        await new NodeDrainer(context.Connection, context.Changes, context.Gate, context.Log, held: false).DrainAsync(Node, Options, cancellationToken);
        return null;
    }
}

/// <summary>A command that is run in a container.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record CommandStep(ClusterPod Pod, string Container, IReadOnlyList<string> Command, TimeSpan Timeout)
    : ActionStep("run", new ObjectReference(Kinds.Pod, Pod.Namespace, Pod.Name))
{
    /// <inheritdoc/>
    public override bool Irreversible => true;

    /// <inheritdoc/>
    public override async Task<JsonElement?> MakeAsync(KubernetesCall call, ActivityContext context, CancellationToken cancellationToken)
    {
        if (!context.AllowIrreversible) throw ChaosErrors.IrreversibleNotAllowed(call.Activity, Verb, $"run a command in {Object}");
        await context.Gate.CheckAsync(Object, isRepair: false, cancellationToken);
        var change = context.Changes.Intend(new PodCommandIntent(Object, Container, [.. Command.Select(context.Changes.Redact)], Held: false));
        var result = await context.Changes.SendAsync(change, () => context.Connection.Cluster.RunInPodAsync(
            Pod.Namespace, Pod.Name, Container, Command, Timeout, cancellationToken));
        context.Changes.Note(change, ChangeState.Done);
        return JsonSerializer.SerializeToElement(result);
    }
}
