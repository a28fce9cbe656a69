using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>Asks Azure, before anything is touched, whether a run will be let do to its machines and clusters all that it is to do, its undo included.</summary>
internal static class AzureRunRights
{
    private const string ClusterType = "Microsoft.ContainerService/managedClusters";

    /// <summary>What the targets of an activity need.</summary>
    /// <param name="through">The activity's connection: it says who asks.</param>
    /// <param name="targets">What the activity was resolved to.</param>
    public static IEnumerable<AzureNeed> Of(ChaosConnection through, IEnumerable<ActivityTarget> targets) =>
        from target in targets
        from action in ActionsOf(target)
        select new AzureNeed(through, target.Id, action);

    /// <summary>Asks for each of them, at exactly these resources.</summary>
    /// <param name="needs">What is needed.</param>
    /// <param name="log">Is told where Azure does not say; null for nobody.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="ChaosException">Some are missing: id <c>AzureRightsMissing</c>, with all of them and what gives them.</exception>
    public static async Task CheckAsync(IEnumerable<AzureNeed> needs, IChaosLog? log, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var remedies = new List<string>();
        foreach (var asked in needs.Distinct().GroupBy(static need => (need.Through, Scope: ScopeOf(need.ResourceId))))
        {
            if (asked.Key.Through.Azure is not { } azure) continue;
            var power = asked.Key.Through.Power;
            try
            {
                var account = await azure.GetAccountAsync(cancellationToken);
                var found = new List<AzureNeed>();
                var above = await azure.GetPermissionsAsync(asked.Key.Scope, cancellationToken);
                foreach (var resource in asked.Where(need => !Allow(above, need)).GroupBy(static need => need.ResourceId))
                {
                    // Roles add up on the way down.
                    var own = resource.Key == asked.Key.Scope ? above : await azure.GetPermissionsAsync(resource.Key, cancellationToken);
                    found.AddRange(resource.Where(need => !Allow(own, need)));
                }

                missing.AddRange(found.GroupBy(static need => need.ResourceId).Select(one => $"no role allows {string.Join(", ", one.Select(static need => need.Action))} on {power.FullName(one.Key)}"));
                if (found.Count > 0) remedies.Add(Remedy(found, account));
                foreach (var assignment in await azure.GetDenyAssignmentsAsync(asked.Key.Scope, cancellationToken))
                {
                    if (assignment.IsFor(account.ObjectId) != true) continue;
                    AzureNeed[] denied = [.. asked.Where(need => assignment.Denies(need.Action, need.ResourceId))];
                    if (denied.Length == 0) continue;
                    missing.AddRange(denied.GroupBy(static need => need.ResourceId).Select(one =>
                        $"the deny assignment '{assignment.Name}' forbids {string.Join(", ", one.Select(static need => need.Action))} on {power.FullName(one.Key)}"));
                    remedies.Add(RightsTest.Lift(asked.Key.Through.Site?.Aks));
                }
            }
            catch (ChaosException exception)
            {
                log?.Write(ChaosLogLevel.Warning, $"Whether the run may do all that it is to do in Azure cannot be asked: {exception.Message} It goes on.");
            }
        }

        if (missing.Count > 0) throw ChaosErrors.AzureRightsMissing(missing, remedies.Distinct());
    }

    private static IEnumerable<string> ActionsOf(ActivityTarget target) => target switch
    {
        PowerTarget power => Machine(power, ["read", Verb(power.Power), .. Undo(power)]),
        FaultTarget fault => Machine(fault, ["read", "runCommand/action"]),
        ClusterTarget { Power: PowerAction.Delete } => [$"{ClusterType}/delete"],
        ClusterTarget { Power: PowerAction.Start } => [$"{ClusterType}/start/action"],
        ClusterTarget => [$"{ClusterType}/stop/action", $"{ClusterType}/start/action"],
        _ => [],
    };

    /// <summary>What is stopped by a run is started at its end.</summary>
    private static string[] Undo(PowerTarget target) => target.Irreversible ? [] : [Verb(PowerAction.Start)];

    private static IEnumerable<string> Machine(MachineTarget target, IEnumerable<string> verbs) => AzureMachineId.TryParse(target.Id, out var machine)
        ? verbs.Distinct().Select(verb => $"{RightsTest.TypeOf(machine)}/{verb}") : [];

    private static string Verb(PowerAction action) => action switch
    {
        PowerAction.PowerOff => "powerOff/action",
        PowerAction.Deallocate => "deallocate/action",
        PowerAction.Start => "start/action",
        PowerAction.Restart => "restart/action",
        PowerAction.Delete => "delete",
        PowerAction.Reimage => "reimage/action",
        PowerAction.Redeploy => "redeploy/action",
        PowerAction.SimulateEviction => "simulateEviction/action",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not a power action."),
    };

    private static bool Allow(IReadOnlyList<AzureRights> rights, AzureNeed need) => rights.Any(right => right.Covers(need.Action));

    /// <summary>One question for all machines of a scale set, or of a resource group where they are in none.</summary>
    private static string ScopeOf(string resourceId) => AzureMachineId.TryParse(resourceId, out var machine) ? machine.ScaleSetResourceId ?? RightsTest.GroupOf(machine) : resourceId;

    private static string Remedy(List<AzureNeed> missing, AzureAccount account)
    {
        var who = account.ObjectId ?? "<object id>";
        if (!AzureMachineId.TryParse(missing[0].ResourceId, out var machine))
            return $"az role assignment create --assignee {who} --role \"Azure Kubernetes Service Contributor Role\" --scope {missing[0].ResourceId}";
        return missing.Any(static need => need.Action.EndsWith("/delete", StringComparison.Ordinal) || need.Action.EndsWith("/reimage/action", StringComparison.Ordinal)
            || need.Action.EndsWith("/simulateEviction/action", StringComparison.Ordinal))
                ? $"az role assignment create --assignee {who} --role \"Virtual Machine Contributor\" --scope {RightsTest.GroupOf(machine)}"
                : AzureRole.Assign(who, RightsTest.GroupOf(machine));
    }
}
