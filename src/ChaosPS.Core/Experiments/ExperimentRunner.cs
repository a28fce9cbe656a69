using ChaosPS.Errors;
using ChaosPS.Experiments.Azure;
using ChaosPS.Experiments.Controls;
using ChaosPS.Experiments.Runs;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Time;

namespace ChaosPS.Experiments;

/// <summary>Runs experiments.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment; returns when everything that it changed has been put back.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="connection">The cluster, its machines and its clock, which the run joins itself.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="log">Where it says what it does.</param>
    /// <param name="cancellationToken">Stops the method at once; rollbacks and undo then still run. The run is returned, not cancelled.</param>
    /// <exception cref="ChaosException">
    /// The definition is invalid (id <c>ExperimentInvalid</c>), or the recovery log or the journal cannot be written
    /// (<c>RecoveryLogUnwritable</c>, <c>JournalUnwritable</c>); nothing was touched.
    /// </exception>
    public static async Task<ChaosRun> RunAsync(
        Experiment experiment, ChaosConnection connection, RunOptions options, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        var environment = EnvironmentVariables.For(connection, options.EnvironmentVariables, options.WorkingDirectory);
        var validation = Validated(experiment, connection, options, environment);
        var values = ConfigurationReading.Read(experiment, environment, options.Variables, new FindingList(experiment.Source), options.SecretVariables, options.Session);
        await values.ReadStoredAsync(options.Session, cancellationToken);
        var redactor = new Redactor(experiment.Everything, values);
        var redacted = new RedactingLog(log, redactor);
        foreach (var warning in validation.Warnings) redacted.Write(ChaosLogLevel.Warning, warning.ToString());
        foreach (var (name, source) in values.Sources) redacted.Write(ChaosLogLevel.Verbose, $"{name} is read from {source}.");

        return await connection.Time.RunAsync(async () =>
        {
            var gate = await BlastGate.OpenAsync(connection, options.Policies, new RunStore(options.StatePath), cancellationToken);
            using var recovery = await RecoveryLog.CreateAsync(options.StatePath, redactor.Redact(experiment.Title), connection, cancellationToken);
            using var run = new ExperimentRun(new RunScope(experiment, connection, options, values, redactor, redacted, recovery, gate));
            return await run.RunAsync(cancellationToken);
        });
    }

    /// <summary>Finds what a run would change now, and whether it would start. Makes no changing call and writes no file.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="connection">The cluster and its machines; the caller is a member of its clock.</param>
    /// <param name="options">How the run would be run.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ChaosException">The definition is invalid: id <c>ExperimentInvalid</c>.</exception>
    public static async Task<ExperimentPlan> PlanAsync(
        Experiment experiment, ChaosConnection connection, RunOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        var environment = EnvironmentVariables.For(connection, options.EnvironmentVariables, options.WorkingDirectory);
        Validated(experiment, connection, options, environment);
        var values = ConfigurationReading.Read(experiment, environment, options.Variables, new FindingList(experiment.Source), options.SecretVariables, options.Session);
        await values.ReadStoredAsync(options.Session, cancellationToken);
        var substitution = new Substitution(values.Configuration, values.Secrets);
        var redactor = new Redactor(experiment.Everything, values);
        var title = redactor.Redact(PythonValue.Text(substitution.Apply(experiment.Title)));
        try
        {
            var gate = await BlastGate.OpenAsync(connection, options.Policies, new RunStore(options.StatePath), cancellationToken);
            var controls = ControlPlan.Create(experiment, options, substitution);
            var resolved = await TargetResolver.ResolveAsync(experiment, connection, options, gate, substitution, controls, values.Secrets,
                new AzureAskers(connection, values.Secrets, NullLog.Instance), null, cancellationToken);
            return new ExperimentPlan(title, [.. resolved.SelectMany(static entry => entry.Targets)], null);
        }
        catch (ChaosException refusal)
        {
            return new ExperimentPlan(title, [], ChaosErrors.With(refusal, redactor.Redact));
        }
    }

    private static ExperimentValidation Validated(Experiment experiment, ChaosConnection connection, RunOptions options, EnvironmentVariables environment)
    {
        var validation = ExperimentValidator.Validate(experiment, environment, options.Variables, options.AllowExternal ? null : Confinement.For(connection), options.SecretVariables, options.Session);
        if (options.Strict) validation = validation.AsStrict();
        if (options.SkipValidation) validation = validation.AsUnvalidated();
        return validation.IsValid ? validation : throw ChaosErrors.ExperimentInvalid(validation);
    }
}
