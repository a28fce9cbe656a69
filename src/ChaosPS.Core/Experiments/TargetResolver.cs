using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Experiments.Azure;
using ChaosPS.Experiments.Controls;
using ChaosPS.Ports;
using ChaosPS.Preflight;
using ChaosPS.Safety;

namespace ChaosPS.Experiments;

/// <summary>Finds the targets of all actions, also of the rollbacks, before any of them touches anything. Reads only.</summary>
internal static class TargetResolver
{
    /// <summary>The targets of each activity that has some, in the order of the experiment.</summary>
    /// <exception cref="ChaosException">An action has no targets, or the rules forbid it.</exception>
    public static async Task<IReadOnlyList<(ExperimentActivity Activity, IReadOnlyList<ActivityTarget> Targets)>> ResolveAsync(
        Experiment experiment, ChaosConnection connection, RunOptions options, BlastGate gate, Substitution substitution, ControlPlan controls,
        IReadOnlyDictionary<string, object?> secrets, AzureAskers azure, IChaosLog? log, CancellationToken cancellationToken)
    {
        ClusterSecrets.Check(experiment, secrets, connection, log);
        var random = new Random(options.Seed);
        var files = new SpecFiles(experiment.Documents, options.WorkingDirectory, experiment.Folder);
        var earlier = new List<ActivityTarget>();
        var resolved = new List<(ExperimentActivity Activity, IReadOnlyList<ActivityTarget> Targets)>();
        var rights = new List<(ClusterRight, string?)>();
        var needs = new List<AzureNeed>();
        foreach (var (phase, activity) in experiment.Method.Select(static a => (RunPhase.Method, a))
            .Concat(experiment.Rollbacks.Select(static a => (RunPhase.Rollbacks, a))))
        {
            if (activity.Provider is not NativeProvider { Flaw: null } native || controls.Of(activity).BypassedBy is not null) continue;
            var through = azure.For(native, substitution);
            var checking = gate.Through(through);
            var found = await native.Activity.ResolveAsync(
                new TargetRequest
                {
                    Phase = phase,
                    Activity = activity.Name,
                    Arguments = native.Arguments(substitution),
                    Connection = through,
                    Files = files,
                    WorkingDirectory = options.WorkingDirectory,
                    Gate = checking,
                    Log = log,
                    Random = random,
                    Earlier = earlier,
                },
                cancellationToken);
            ActivityTarget[] targets = [.. found.Select(target => target with { FullName = through.Power.FullName(target.Id) })];
            if (!options.AllowIrreversible && targets.FirstOrDefault(static target => target.Irreversible) is { } irreversible)
                throw ChaosErrors.IrreversibleNotAllowed(activity.Name, native.Activity.Function, irreversible.ToString());
            await CheckAsync(targets, phase, checking, log, cancellationToken);
            rights.AddRange(RunRights.Of(native.Activity, native.Arguments(substitution), targets));
            needs.AddRange(AzureRunRights.Of(through, targets));
            if (targets.Length > 0) resolved.Add((activity, targets));
            if (phase == RunPhase.Method) earlier.AddRange(targets);
        }

        // A dry run changes nothing, and so puts nothing back.
        if (options.Dry is not null) return resolved;
        await RunRights.CheckAsync(connection, rights, log, cancellationToken);
        await AzureRunRights.CheckAsync(needs, log, cancellationToken);
        return resolved;
    }

    private static async Task CheckAsync(
        IReadOnlyList<ActivityTarget> targets, RunPhase phase, BlastGate gate, IChaosLog? log, CancellationToken cancellationToken)
    {
        foreach (var group in targets.OfType<PowerTarget>().GroupBy(static target => target.Power))
        {
            // A rollback brings machines back one by one: only whether changes are allowed at all matters then.
            var action = phase == RunPhase.Rollbacks ? PowerAction.Start : group.Key;
            await gate.CheckAsync([.. group.Select(static target => target.Instance)], action, log, cancellationToken);
        }

        ScaleSetInstance[] faulty = [.. targets.OfType<FaultTarget>().Select(static target => target.Instance)];
        if (faulty.Length > 0) await gate.CheckTakenAsync(faulty, log, cancellationToken);
    }
}
