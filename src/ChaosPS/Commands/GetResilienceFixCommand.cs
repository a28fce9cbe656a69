using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Resilience;

namespace ChaosPS.Commands;

/// <summary>Gets the cheapest small change with which each workload survives what it is to survive, proved by simulations. Nothing is changed.</summary>
[Cmdlet(VerbsCommon.Get, "ResilienceFix", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ResilienceFix))]
public sealed class GetResilienceFixCommand : ResilienceCommand
{
    private const string RiskSet = "Risk";

    private readonly Dictionary<(string Kind, string Namespace, string Name), HashSet<ResilienceGoal>> _ofRisks = [];

    /// <summary>Risks from Get-ResilienceRisk: what they are about is what is to be survived.</summary>
    [Parameter(ParameterSetName = RiskSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public ResilienceRisk[]? Risk { get; set; }

    /// <summary>What is to be survived: the loss of any node when it is left out, or what piped risks are about.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ResilienceGoal[]? Survive { get; set; }

    /// <summary>How long an outage is borne: <c>2m</c>, <c>PT2M</c>, or a number of seconds; none when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan MaxOutage { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        base.Process();
        foreach (var risk in Risk ?? []) Add(risk);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if ((MyInvocation.ExpectingInput || ParameterSetName != NameSet) && Piped.Count == 0) return;
        var snapshot = TakeSnapshot();
        var chosen = Chosen(snapshot);
        var finder = new FixFinder(snapshot, Options(snapshot), MaxOutage);
        Workload[] workloads = [.. snapshot.Workloads.Where(it => chosen(it.Kind, it.Namespace, it.Name) && (ParameterSetName != NameSet || it.Kind is "Deployment" or "StatefulSet" || Name?.Contains(it.Name, StringComparer.OrdinalIgnoreCase) is true))];
        foreach (var gone in Piped.Where(it => !Array.Exists(workloads, workload => (workload.Kind, workload.Namespace, workload.Name) == it)))
            Try(() => throw ChaosErrors.WorkloadNotFound(gone.Name, gone.Namespace, snapshot.Workloads.Where(it => it.Namespace == gone.Namespace).Select(static it => it.Name)));
        foreach (var (index, workload) in workloads.Index()) Try(() => Find(finder, workload, index * 100 / workloads.Length));
    }

    private void Add(ResilienceRisk risk)
    {
        if (Path is null) RequireSameCluster(risk.Object, risk.Cluster);
        if (risk.Goal is not { } goal)
        {
            WriteVerbose($"{risk}: no change of a workload helps. {risk.Fix}");
            return;
        }

        foreach (var text in risk.Workloads)
        {
            if (text.Split('/') is not [var kind, var space, var name]) continue;
            Piped.Add((kind, space, name));
            if (!_ofRisks.TryGetValue((kind, space, name), out var goals)) _ofRisks.Add((kind, space, name), goals = []);
            goals.Add(goal);
        }
    }

    private void Find(FixFinder finder, Workload workload, int percent)
    {
        var goals = Survive?.Distinct().Order().ToArray()
            ?? (_ofRisks.TryGetValue((workload.Kind, workload.Namespace, workload.Name), out var ofRisks) ? [.. ofRisks.Order()] : [ResilienceGoal.NodeLoss]);
        const string Activity = "Looking for fixes";
        var fix = Run(TimeProvider.System, (sink, stop) =>
        {
            sink.Progress(Activity, workload.ToString(), percent, completed: false);
            var found = finder.Find(workload.Kind, workload.Namespace, workload.Name, goals, stop);
            sink.Progress(Activity, "done", 100, completed: true);
            return Task.FromResult(found);
        });
        if (fix is null) WriteVerbose($"{workload} survives {string.Join(", ", goals)} as it is.");
        else Write(fix with { Path = Manifests?.FileOf(fix.Kind, fix.Namespace, fix.Name) });
    }

    private void Write(ResilienceFix fix)
    {
        foreach (var note in fix.Notes) WriteWarning($"{fix}: {note}");
        WriteObject(fix);
    }
}
