using ChaosPS.Experiments;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>The definition has errors, so it cannot run.</summary>
    public static ChaosException ExperimentInvalid(ExperimentValidation validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        string[] errors = [.. validation.Errors.Select(static finding => finding.ToString())];
        return new ChaosException(
            "ExperimentInvalid", ErrorKind.InvalidData,
            $"The experiment cannot run; nothing was touched. {string.Join(Environment.NewLine, errors)}",
            "Test-ChaosExperiment shows every finding with its place.", validation);
    }
}
