using System.Management.Automation;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Resilience;
using ChaosPS.Safety;

namespace ChaosPS.Commands;

/// <summary>Applies fixes from Get-ResilienceFix: to the cluster, and waits for the rollout; or to manifest files.</summary>
[Cmdlet(VerbsData.Update, "Workload", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RecordedRun), typeof(Workload))]
public sealed class UpdateWorkloadCommand : WorkloadChangeCommand
{
    /// <summary>Fixes from Get-ResilienceFix. One that was found in manifests goes to its file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Fix")]
    [ValidateNotNullOrEmpty]
    public ResilienceFix[]? InputObject { get; set; }

    /// <summary>Applies a fix to a workload that was changed since the fix was found.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var fix in InputObject!)
        {
            Try(() =>
            {
                var files = Path is not null ? Files(Path) : fix.Path is { } file ? [file] : null; // a fix names its one file, whatever characters that has
                if (files is not null) ChangeInFiles(files, fix.Kind, fix.Namespace, fix.Name, _ => fix.Change, _ => fix.Description);
                else Change(fix);
            });
        }
    }

    private void Change(ResilienceFix fix)
    {
        RequireSameCluster(fix.ToString(), fix.Cluster);
        var gate = Gate;
        var workload = Run(async (connection, log, stop) =>
        {
            var now = await connection.Cluster.FindWorkloadAsync(fix.Namespace, fix.Kind, fix.Name, stop) ?? throw ChaosErrors.WorkloadNotFound(fix.Name, fix.Namespace, []);
            if (!Force) WorkloadOperations.CheckFix(fix, now);
            await gate.CheckAsync(now, stop);
            foreach (var replicas in fix.Change.Workloads.Select(static overlay => overlay.Replicas).OfType<int>()) gate.CheckReplicas(now, replicas, log);
            return now;
        });
        WarnOfOwners(workload, fix.Change);
        if (!MayChange($"{workload} of {workload.Cluster.Name}", fix.Description, out var reason))
        {
            if (reason == ShouldProcessReason.WhatIf) Run((connection, _, stop) => WorkloadOperations.RehearseUpdateAsync(connection, workload, fix.Change, stop));
            return;
        }

        Make((operations, stop) => operations.UpdateAsync(workload, fix.Change, stop));
    }
}
