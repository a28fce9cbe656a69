using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Experiments;

namespace ChaosPS.Commands;

/// <summary>Passes runs on, and fails when one of them did not pass, or when there was none: what a pipeline ends with.</summary>
[Cmdlet(VerbsLifecycle.Assert, "ChaosRun")]
[OutputType(typeof(ChaosRun))]
public sealed class AssertChaosRunCommand : AsyncCommand
{
    private readonly List<ChaosRun> _runs = [];

    /// <summary>The runs, as Invoke-ChaosExperiment writes them.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ChaosRun[] InputObject { get; set; } = [];

    /// <summary>Lets dry runs pass, which have tested nothing.</summary>
    [Parameter]
    public SwitchParameter AllowDry { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        _runs.AddRange(InputObject);
        WriteObject(InputObject, enumerateCollection: true);
    }

    /// <summary>Fails only now, so that one run that did not pass keeps no other from being seen.</summary>
    protected override void Finish()
    {
        ChaosRun[] failed = [.. _runs.Where(run => !IsFine(run))];
        if (_runs.Count == 0) ThrowTerminatingError(ChaosErrors.NothingTested().ToErrorRecord());
        if (failed.Length > 0) ThrowTerminatingError(ChaosErrors.RunsNotPassed(failed, _runs.Count).ToErrorRecord());
    }

    private bool IsFine(ChaosRun run) => run.Dry is null
        ? run.Outcome == RunOutcome.Passed
        : AllowDry && run is { Outcome: RunOutcome.Passed } or { Outcome: RunOutcome.Untested, Dry: not DryMode.Pause };
}
