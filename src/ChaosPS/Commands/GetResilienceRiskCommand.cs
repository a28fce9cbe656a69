using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Resilience;

namespace ChaosPS.Commands;

/// <summary>Gets what would hurt: single points, traps of rollouts and drains, rules that keep pods waiting, too little room. Each is shown by a simulation.</summary>
[Cmdlet(VerbsCommon.Get, "ResilienceRisk", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ResilienceRisk))]
public sealed class GetResilienceRiskCommand : ResilienceCommand
{
    /// <summary>Only risks that hurt so much, or more.</summary>
    [Parameter]
    public RiskSeverity MinimumSeverity { get; set; }

    /// <summary>Where to write the risks of manifests in SARIF, too, for code scanning.</summary>
    [Parameter]
    [Alias("Sarif")]
    [ValidateNotNullOrEmpty]
    public string? SarifPath { get; set; }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if ((MyInvocation.ExpectingInput || ParameterSetName != NameSet) && Piped.Count == 0) return;
        var snapshot = TakeSnapshot();
        if (SarifPath is not null && Manifests is null) throw ChaosErrors.SarifWithoutManifests(Path);
        var (options, chosen) = (Options(snapshot), Chosen(snapshot));
        var risks = Run(TimeProvider.System, (sink, stop) =>
        {
            const string Activity = "Looking for risks";
            var found = RiskFinder.Find(snapshot, options, chosen, (what, percent) => sink.Progress(Activity, what, percent, completed: false), stop);
            sink.Progress(Activity, "done", 100, completed: true);
            return Task.FromResult(found);
        });
        ResilienceRisk[] wanted = [.. risks.Where(it => it.Severity >= MinimumSeverity).Select(it => Manifests?.Locate(it) ?? it)];
        if (SarifPath is not null) SarifReport.Save(wanted, SessionState.Path.CurrentFileSystemLocation.ProviderPath, GetUnresolvedProviderPathFromPSPath(SarifPath));
        WriteObject(wanted, enumerateCollection: true);
    }
}
