using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>Whether who asks Azure may change exactly these machines.</summary>
internal static class RightsTest
{
    private const string ScaleSetMachines = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines";
    private const string VirtualMachines = "Microsoft.Compute/virtualMachines";

    /// <summary>Without these nothing can be done.</summary>
    private static readonly string[] s_needed = ["read", "powerOff/action", "start/action"];

    /// <summary>Without these something cannot be done.</summary>
    private static readonly string[] s_wanted = ["restart/action", "deallocate/action"];

    /// <summary>Looks at permissions and deny assignments on each scale set, or on the resource group of virtual machines that are in none.</summary>
    public static async Task RunAsync(
        IAzurePlatform azure, AzureAccount account, IReadOnlyList<AzureMachineId> machines, List<ConnectionFinding> findings, CancellationToken cancellationToken)
    {
        foreach (var scope in machines.GroupBy(static machine => machine.ScaleSetResourceId ?? GroupOf(machine), StringComparer.OrdinalIgnoreCase))
        {
            var machine = scope.First();
            var check = $"Rights on {machine.VMScaleSetName ?? machine.ResourceGroupName}";
            var type = machine.VMScaleSetName is null ? VirtualMachines : ScaleSetMachines;
            var group = GroupOf(machine);
            await AzureTest.TryAsync(findings, check, ConnectionSeverity.Warning, async () =>
            {
                var rights = await azure.GetPermissionsAsync(scope.Key, cancellationToken);
                findings.AddRange(Missing(check, type, rights, account, group));
            });
            await AzureTest.TryAsync(findings, check, ConnectionSeverity.Warning, async () =>
            {
                var denied = await azure.GetDenyAssignmentsAsync(scope.Key, cancellationToken);
                findings.AddRange(Denied(check, type, denied, account, scope.Key));
            });
        }
    }

    /// <summary>Locks that keep machines from being changed.</summary>
    public static IEnumerable<ConnectionFinding> Locks(string group, IReadOnlyList<AzureLock> locks) => locks.Count == 0
        ? [new("Locks", ConnectionSeverity.Ok, $"none on {group}")]
        : locks.Select(found => new ConnectionFinding(
            "Locks", found.IsReadOnly ? ConnectionSeverity.Error : ConnectionSeverity.Warning,
            $"the lock {found.Name}{(found.Notes is { Length: > 0 } notes ? $" ({notes})" : "")} "
            + (found.IsReadOnly ? "keeps everybody from starting and stopping machines" : "keeps everybody from deleting machines; they can be stopped and started"),
            $"It is there for a reason; whoever owns it can take it off for the time of the experiment: az lock delete --ids {found.ResourceId}"));

    private static IEnumerable<ConnectionFinding> Missing(string check, string type, IReadOnlyList<AzureRights> rights, AzureAccount account, string group)
    {
        string[] missing = [.. s_needed.Concat(s_wanted).Where(action => !rights.Any(right => right.Covers($"{type}/{action}")))];
        if (missing.Length == 0)
        {
            yield return new(check, ConnectionSeverity.Ok, "read, power off, start, restart and deallocate are allowed");
            yield break;
        }

        yield return new(
            check, missing.Intersect(s_needed).Any() ? ConnectionSeverity.Error : ConnectionSeverity.Warning,
            $"no role allows {ChaosErrors.List(missing.Select(action => $"{type}/{action}"))}",
            AzureRole.Assign(account.ObjectId ?? "<object id>", group));
    }

    private static IEnumerable<ConnectionFinding> Denied(
        string check, string type, IReadOnlyList<AzureDenyAssignment> assignments, AzureAccount account, string scope) =>
        from assignment in assignments
        let actions = s_needed.Concat(s_wanted).Where(action => assignment.Denies($"{type}/{action}", scope)).ToArray()
        where actions.Length > 0 && assignment.IsFor(account.ObjectId) != false
        let certain = assignment.IsFor(account.ObjectId) == true
        select new ConnectionFinding(
            check, certain ? ConnectionSeverity.Error : ConnectionSeverity.Warning,
            $"the deny assignment {assignment.Name} forbids {string.Join(", ", actions)}{(certain ? "" : " to some, and perhaps to whoever asks")}, whatever the roles allow",
            "On the node resource group of AKS it is the lockdown: az aks update --resource-group <group of the cluster> --name <cluster> --nrg-lockdown-restriction-level Unrestricted. "
            + "Others end with the deployment stack or managed application that made them.");

    private static string GroupOf(AzureMachineId machine) => $"/subscriptions/{machine.SubscriptionId}/resourceGroups/{machine.ResourceGroupName}";
}
