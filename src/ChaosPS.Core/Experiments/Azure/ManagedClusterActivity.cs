using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Azure;

/// <summary>The actions of <c>chaosazure.aks.actions</c> on whole clusters: all that the filter matches, one after the other, waiting for each to end.</summary>
/// <remarks>
/// A cluster that is stopped takes all of its nodes down, its API server with them, and pods that no controller makes again do not come back with it: the run
/// has to allow what cannot be undone. What it has stopped is started again at its end.
/// </remarks>
internal sealed class ManagedClusterActivity(string function, PowerAction action, string help)
    : NativeActivity("chaosazure.aks.actions", function, ActivityKind.Action, help, AzureTargets.Filter("managed clusters", "shop"))
{
    /// <inheritdoc/>
    internal override void Check(DocumentMapping provider, FindingList findings)
    {
        base.Check(provider, findings);
        AzureTargets.CheckFilter(provider, findings, "managed cluster");
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var azure = Azure(request.Connection);
        var targets = new List<ActivityTarget>();
        foreach (var found in await AzureTargets.FindAsync(request, Function, "managed clusters", AzureTargets.ClusterType, cancellationToken))
        {
            var cluster = await azure.GetAksClusterAsync(found.ResourceId, cancellationToken);
            if (request.Phase == RunPhase.Method) await request.Gate.CheckAsync(cluster, action, request.Log, cancellationToken);
            targets.Add(new ClusterTarget(request.Phase, request.Activity, action, cluster));
        }

        return targets;
    }

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var resources = new List<object?>();
        foreach (var target in context.Targets.OfType<ClusterTarget>())
        {
            var (performed, at) = await ChangeAsync(context, target.Cluster.ResourceId, cancellationToken);
            resources.Add(new OrderedDictionary<string, object?>
            {
                ["id"] = target.Cluster.ResourceId,
                ["location"] = target.Cluster.Location,
                ["name"] = target.Cluster.Name,
                ["resourceGroup"] = target.Cluster.ResourceGroupName,
                ["type"] = AzureTargets.ClusterType.ToLowerInvariant(),
                ["performed"] = performed ? action.ToString() : "nothing",
                ["performed_at"] = at.ToUnixTimeSeconds(),
            });
        }

        return new OrderedDictionary<string, object?> { ["resources"] = resources.ToArray() };
    }

    private async Task<(bool Performed, DateTimeOffset At)> ChangeAsync(ActivityContext context, string resourceId, CancellationToken cancellationToken)
    {
        var azure = Azure(context.Connection);
        var cluster = await azure.GetAksClusterAsync(resourceId, cancellationToken);
        if (action == PowerAction.Start == cluster.IsRunning && action != PowerAction.Delete)
        {
            context.Log.Write(ChaosLogLevel.Verbose, $"AKS cluster {cluster.Name}{context.Connection.Power.Place(cluster.ResourceId)} is {cluster.PowerState} already: nothing to do.");
            return (false, context.Connection.Time.GetUtcNow());
        }

        var ready = await context.Gate.CheckAsync(cluster, action, null, cancellationToken);
        context.Log.Write(ChaosLogLevel.Verbose, $"{action} {context.Connection.Power.FullName(cluster.ResourceId)}");
        var change = context.Changes.Intend(AksIntent.Of(cluster, action, ready), context.Connection);
        var operation = await context.Changes.SendAsync(change, () => azure.BeginAsync(cluster, action, cancellationToken));
        try
        {
            await operation.WaitAsync(cancellationToken);
            context.Changes.Note(change, ChangeState.Done);
        }
        catch (ChaosException exception)
        {
            context.Changes.Note(change, ChangeState.Failed, exception.Message);
            throw;
        }

        return (true, change.At);
    }

    private static IAzurePlatform Azure(ChaosConnection connection) => connection.Azure ?? throw ChaosErrors.NotInAzure(connection.Name);
}
