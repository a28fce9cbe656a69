namespace ChaosPS.Experiments;

/// <summary>Says everything that is wrong with an experiment, or looks unintended, before it runs.</summary>
public static class ExperimentValidator
{
    /// <summary>Validates an experiment against the environment that it would run in.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="environment">The variables that it would read.</param>
    /// <param name="variables">Values that would come before its own configuration; null means none.</param>
    public static ExperimentValidation Validate(
        Experiment experiment, EnvironmentVariables environment, IReadOnlyDictionary<string, object?>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(environment);
        return new ExperimentValidation(experiment.Source, experiment.Title, experiment.Findings);
    }
}
