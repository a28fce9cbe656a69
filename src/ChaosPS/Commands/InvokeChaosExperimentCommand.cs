using System.Management.Automation;
using System.Management.Automation.Language;
using System.Security.Cryptography;
using ChaosPS.Binding;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Safety;
using ChaosPS.Ports;
using ChaosPS.Sessions;
using ChaosPS.Snapshots;
using ChaosPS.Time;

namespace ChaosPS.Commands;

/// <summary>Runs experiments and writes what became of each. Whatever happens, what a run has changed is put back before it returns.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ChaosExperiment", DefaultParameterSetName = "Path", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ChaosRun))]
public sealed class InvokeChaosExperimentCommand : ExperimentCommand
{
    /// <summary>Where the journal is written; a file in the run's folder when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>What all chance in the run comes from. Left out, it is the sandbox's, or a new one on a real cluster; the journal names it.</summary>
    [Parameter]
    [Alias("SetSeed")]
    public int Seed { get; set; }

    /// <summary>How many nodes may be down at once, counting those that are down already.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxNodesDown { get; set; } = 1;

    /// <summary>Lets actions run that cannot be undone, such as deleting an instance.</summary>
    [Parameter]
    public SwitchParameter AllowIrreversible { get; set; }

    /// <summary>Marks the run in the cluster by a Lease: other machines see it, keep off its targets, and can put back what it leaves.</summary>
    [Parameter]
    public SwitchParameter Lease { get; set; }

    /// <summary>How long the run may take until it is interrupted and undone: <c>10m</c>, <c>PT1H</c>, or a number of seconds. As long as it takes when it is left out.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>The directory that holds the run folders; the user's state directory when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>How long the rollbacks, and then the undo, may take each: <c>30s</c>, <c>20m</c>, or a number of seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RollbackTimeout { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>When the steady state is checked; as the experiment says, else before and after the method, when it is left out.</summary>
    [Parameter]
    public HypothesisStrategy? HypothesisStrategy { get; set; }

    /// <summary>The pause between two checks of the steady state while the method is played: <c>500ms</c>, <c>5s</c>, or a number of seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan HypothesisFrequency { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends the method when the steady state is not met while it is played.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>When the declared rollbacks are played; as the experiment says, else whenever the method was entered, when it is left out.</summary>
    [Parameter]
    public RollbackStrategy? RollbackStrategy { get; set; }

    /// <summary>Carries probes, actions, both, or the pauses out in appearance only.</summary>
    [Parameter]
    public DryMode? Dry { get; set; }

    /// <summary>Runs without the controls that this version does not apply. Left out, an experiment with one is refused.</summary>
    [Parameter]
    public SwitchParameter SkipUnknownControl { get; set; }

    /// <summary>Begins in spite of errors in activities: each of these fails in its turn. What is no experiment, or unsafe, is refused all the same.</summary>
    [Parameter]
    [Alias("NoValidation")]
    public SwitchParameter SkipValidation { get; set; }

    /// <summary>Judges the run as the Chaos Toolkit does: its status, rollbacks and exit codes. What the run has changed is put back all the same.</summary>
    [Parameter]
    public RunCompatibility Compatibility { get; set; }

    /// <summary>Runs it on a copy of the cluster, made of a snapshot that is taken now. The cluster itself is only read.</summary>
    [Parameter]
    public SwitchParameter Rehearse { get; set; }

    private protected override void Process(Experiment experiment)
    {
        if (ScriptClock is VirtualClock) throw ChaosErrors.ExperimentWithinExperiment(experiment.Source);
        using var undo = new UndoControl();
        var files = ReadVariableFiles();
        var options = new RunOptions
        {
            Undo = undo,
            Session = new CallerSession(this, Connection.Time),
            Variables = Variables(files),
            SecretVariables = files.Secrets,
            EnvironmentVariables = files.Environment,
            HypothesisStrategy = HypothesisStrategy,
            HypothesisFrequency = HypothesisFrequency,
            FailFast = FailFast,
            RollbackStrategy = RollbackStrategy,
            Dry = Dry,
            SkipUnknownControls = SkipUnknownControl,
            Compatibility = Compatibility,
            Seed = ChooseSeed(),
            WorkingDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath,
            JournalPath = ResolvePath(JournalPath),
            StatePath = ResolvePath(StatePath),
            Policies = Policies(
                experiment.Folder ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath,
                MyInvocation.BoundParameters.ContainsKey(nameof(MaxNodesDown)) ? MaxNodesDown : null),
            MaxDuration = MaxDuration,
            Lease = Lease,
            AllowIrreversible = AllowIrreversible,
            AllowExternal = AllowExternal,
            Strict = Strict,
            SkipValidation = SkipValidation,
            RollbackTimeout = RollbackTimeout,
        };
        if (Rehearse)
        {
            RunRehearsal(experiment, options);
            return;
        }

        var plan = Run((connection, _, stop) => ExperimentRunner.PlanAsync(experiment, connection, options, stop));
        if (MayRun(plan))
        {
            // A run that is refused runs too: it touches nothing, and its journal says why. It joins the clock itself.
            var connection = Connection;
            using var signals = new RunSignals(Host.UI, StopProcessing, undo, Restore);
            var run = Run(TimeProvider.System, (sink, stop) => ExperimentRunner.RunAsync(experiment, connection, options, sink, stop));
            if (signals.Came) throw new PipelineStoppedException();
            WriteObject(run);
        }

        if (plan.Refusal is { } refusal) WriteError(refusal.ToErrorRecord());
    }

    private void RunRehearsal(Experiment experiment, RunOptions options)
    {
        var cluster = Connection.Name;
        var copy = Run((connection, sink, stop) => CopyAsync(connection, options.Seed, sink, stop));
        options = options with { RehearsalOf = cluster, Session = new CallerSession(this, copy.Time) };
        var plan = Run(copy.Time, (_, stop) => ExperimentRunner.PlanAsync(experiment, copy, options, stop));
        foreach (var target in plan.Targets)
            WriteVerbose($"On {cluster} it would {target} ({target.FullName}).");
        if (ShouldProcess($"a copy of {Target(plan, cluster)}", $"Rehearse experiment '{plan.Title}'"))
            WriteObject(Run(TimeProvider.System, (sink, stop) => ExperimentRunner.RunAsync(experiment, copy, options, sink, stop)));
        if (plan.Refusal is { } refusal) WriteError(refusal.ToErrorRecord());
    }

    private static async Task<ChaosConnection> CopyAsync(ChaosConnection connection, int seed, IChaosLog log, CancellationToken cancellationToken)
    {
        var snapshot = await ClusterExport.TakeAsync(connection, [], log, cancellationToken);
        return Composer.Composition.Connect(Composer.CreateRehearsal(snapshot, connection.Environment, seed, log));
    }

    // A run that is refused changes no cluster, so it needs no leave to change one.
    private bool MayRun(ExperimentPlan plan) => plan.Refusal is null
        ? MayChange(Target(plan, Connection.Name), Action(plan))
        : ShouldProcess(Target(plan, Connection.Name), Action(plan));

    private static string Restore(string runId, string? statePath) =>
        $"Restore-ChaosRun {runId}{(statePath is null ? "" : $" -StatePath '{CodeGeneration.EscapeSingleQuotedStringContent(statePath)}'")}";

    private static string Action(ExperimentPlan plan) => $"Run experiment '{plan.Title}'";

    private static string Target(ExperimentPlan plan, string cluster)
    {
        var targets = plan.Targets.Where(static target => target.Phase == RunPhase.Method)
            .Select(static target => target is MachineTarget or ClusterTarget ? $"{target} ({target.FullName})" : target.ToString())
            .ToArray();
        return targets.Length == 0 ? $"{cluster}, no machine of it" : $"{cluster}: {string.Join(", ", targets)}";
    }

    private int ChooseSeed()
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Seed))) return Seed;
        return Session.Current.Sandbox?.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
    }
}
