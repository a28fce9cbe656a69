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

    /// <summary>Without these some cmdlet does not work; the role of ours has them.</summary>
    private static readonly string[] s_wanted = ["restart/action", "deallocate/action", "redeploy/action", "runCommand/action"];

    /// <summary>What cannot be undone: only some experiments need them, and the role of ours has them not.</summary>
    private static readonly string[] s_extra = ["reimage/action", "delete", "simulateEviction/action"];

    /// <summary>
    /// Looks at permissions and deny assignments of each machine: those of its scale set, or of its resource group where it is in none, count for it too.
    /// </summary>
    public static async Task RunAsync(
        IAzurePlatform azure, AzureAccount account, AksCluster? aks, IReadOnlyList<AzureMachineId> machines, List<ConnectionFinding> findings,
        CancellationToken cancellationToken)
    {
        foreach (var scope in machines.GroupBy(static machine => machine.ScaleSetResourceId ?? GroupOf(machine), StringComparer.OrdinalIgnoreCase))
        {
            var machine = scope.First();
            var check = $"Rights on {machine.VMScaleSetName ?? machine.ResourceGroupName}";
            await AzureTest.TryAsync(findings, check, ConnectionSeverity.Warning, async () =>
                findings.AddRange(await MissingAsync(check, azure, scope.Key, [.. scope], account, cancellationToken)));
            await AzureTest.TryAsync(findings, check, ConnectionSeverity.Warning, async () =>
                findings.AddRange(Denied(check, [.. scope], await azure.GetDenyAssignmentsAsync(scope.Key, cancellationToken), account, aks)));
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

    /// <summary>What no role allows. Roles add up on the way down, so that single machines are asked about only where something is missing above them.</summary>
    private static async Task<IEnumerable<ConnectionFinding>> MissingAsync(
        string check, IAzurePlatform azure, string scope, AzureMachineId[] machines, AzureAccount account, CancellationToken cancellationToken)
    {
        var above = await azure.GetPermissionsAsync(scope, cancellationToken);
        var found = new List<(AzureMachineId Machine, string[] Missing)>();
        foreach (var machine in machines)
        {
            var missing = Missing(machine, above);
            if (missing.Except(s_extra).Any()) missing = Missing(machine, [.. above, .. await azure.GetPermissionsAsync(machine.ResourceId, cancellationToken)]);
            found.Add((machine, missing));
        }

        return found.GroupBy(static one => string.Join(' ', one.Missing)).Select(same =>
        {
            AzureMachineId[] of = [.. same.Select(static one => one.Machine)];
            var missing = same.First().Missing;
            string[] serious = [.. missing.Except(s_extra)];
            var who = Who(of, machines);
            if (serious.Length > 0)
            {
                return new ConnectionFinding(
                    check, serious.Intersect(s_needed).Any() ? ConnectionSeverity.Error : ConnectionSeverity.Warning,
                    $"{who}no role allows {ChaosErrors.List(serious.Select(action => $"{TypeOf(of[0])}/{action}"))}", AzureRole.Assign(account.ObjectId ?? "<object id>", GroupOf(of[0])));
            }

            string[] allowed = [.. s_needed.Concat(s_wanted).Concat(s_extra).Except(missing).Select(static action => action.Split('/')[0])];
            return new ConnectionFinding(
                check, ConnectionSeverity.Ok,
                $"{who}{string.Join(", ", allowed)} are allowed{(missing.Length == 0 ? "" : $"; {string.Join(", ", missing.Select(static action => action.Split('/')[0]))}, which cannot be undone, are not")}");
        });
    }

    private static string[] Missing(AzureMachineId machine, IReadOnlyList<AzureRights> rights) =>
        [.. s_needed.Concat(s_wanted).Concat(s_extra).Where(action => !rights.Any(right => right.Covers($"{TypeOf(machine)}/{action}")))];

    private static IEnumerable<ConnectionFinding> Denied(
        string check, AzureMachineId[] machines, IReadOnlyList<AzureDenyAssignment> assignments, AzureAccount account, AksCluster? aks) =>
        from assignment in assignments
        where assignment.IsFor(account.ObjectId) != false
        let certain = assignment.IsFor(account.ObjectId) == true
        from same in machines.Select(machine => (Machine: machine, Actions: Denied(machine, assignment))).Where(static one => one.Actions.Length > 0).GroupBy(static one => string.Join(", ", one.Actions))
        let serious = same.First().Actions.Except(s_extra).Any()
        select new ConnectionFinding(
            check, certain && serious ? ConnectionSeverity.Error : ConnectionSeverity.Warning,
            $"{Who([.. same.Select(static one => one.Machine)], machines)}the deny assignment {assignment.Name} forbids {same.Key}{(certain ? "" : " to some, and perhaps to whoever asks")}, whatever the roles allow",
            Lift(aks));

    /// <summary>What ends a deny assignment; roles do not help.</summary>
    internal static string Lift(AksCluster? aks) =>
        $"On the node resource group of AKS it is the lockdown: az aks update {(aks is null ? "--resource-group <group of the cluster> --name <cluster>" : AksTest.Named(aks))} "
        + "--nrg-lockdown-restriction-level Unrestricted. Others end with the deployment stack or managed application that made them.";

    private static string[] Denied(AzureMachineId machine, AzureDenyAssignment assignment) =>
        [.. s_needed.Concat(s_wanted).Concat(s_extra).Where(action => assignment.Denies($"{TypeOf(machine)}/{action}", machine.ResourceId))];

    /// <summary>Which machines of a scope, before a sentence; nothing for all of them.</summary>
    private static string Who(AzureMachineId[] of, AzureMachineId[] all) =>
        of.Length == all.Length ? "" : $"{(of[0].VMScaleSetName is null ? "" : of.Length == 1 ? "instance " : "instances ")}{ChaosErrors.List(of.Select(static machine => machine.Name))}: ";

    /// <summary>The type of a machine, before the name of an action.</summary>
    internal static string TypeOf(AzureMachineId machine) => machine.VMScaleSetName is null ? VirtualMachines : ScaleSetMachines;

    /// <summary>Where roles are given: the resource group.</summary>
    internal static string GroupOf(AzureMachineId machine) => $"/subscriptions/{machine.SubscriptionId}/resourceGroups/{machine.ResourceGroupName}";
}
