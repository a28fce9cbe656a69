using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>Asks access control, before anything is touched, whether a run will be let do all that it is to do, its undo included.</summary>
internal static class RunRights
{
    private static readonly ClusterRight s_confirm = new("get", "", "nodes");
    private static readonly string[] s_ofTheCluster = ["nodes", "namespaces"];

    /// <summary>What an activity needs.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="arguments">Its arguments, placeholders filled.</param>
    /// <param name="targets">What it was resolved to.</param>
    public static IEnumerable<(ClusterRight Right, string? Namespace)> Of(
        NativeActivity activity, IReadOnlyDictionary<string, object?> arguments, IReadOnlyList<ActivityTarget> targets)
    {
        var given = new ActivityArguments(activity.Name, activity.Arguments, arguments);
        var space = given.Declares("ns") ? given.OptionalText("ns") : null;
        foreach (var right in ActivityRights.Of(activity, arguments)) yield return (right, s_ofTheCluster.Contains(right.Resource) ? null : space);
        if (targets.Any(static target => target is MachineTarget)) yield return (s_confirm, null); // the undo waits until the node is Ready
    }

    /// <summary>Asks for each of them.</summary>
    /// <param name="connection">The cluster.</param>
    /// <param name="wanted">What is needed.</param>
    /// <param name="log">Is told where the cluster does not say; null for nobody.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="ChaosException">Some are missing: id <c>RightsMissing</c>, with all of them and the rules that give them.</exception>
    public static async Task CheckAsync(
        ChaosConnection connection, IEnumerable<(ClusterRight Right, string? Namespace)> wanted, IChaosLog? log, CancellationToken cancellationToken)
    {
        List<(ClusterRight Right, string? Namespace)> missing = [];
        try
        {
            foreach (var (right, space) in wanted.Distinct())
            {
                if (!await connection.Cluster.IsAllowedAsync(right, space, cancellationToken)) missing.Add((right, space));
            }
        }
        catch (ChaosException exception)
        {
            log?.Write(ChaosLogLevel.Warning, $"Whether the run may do all that it is to do cannot be asked: {exception.Message} It goes on.");
            return;
        }

        if (missing.Count > 0) throw ChaosErrors.RightsMissing(connection.Name, missing);
    }
}
