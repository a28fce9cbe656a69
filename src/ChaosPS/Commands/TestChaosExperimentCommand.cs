using System.Management.Automation;
using ChaosPS.Experiments;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Says everything that is wrong with experiments, or looks unintended, with file, line and column. Touches nothing.</summary>
/// <remarks>Reads the variables of the session's connection and of the process. Needs no cluster.</remarks>
[Cmdlet(VerbsDiagnostic.Test, "ChaosExperiment", DefaultParameterSetName = "Path")]
[OutputType(typeof(ExperimentValidation))]
public sealed class TestChaosExperimentCommand : ExperimentCommand
{
    private protected override void Process(Experiment experiment)
    {
        var files = ReadVariableFiles();
        var connection = Session.Current.Connection;
        var validation = ExperimentValidator.Validate(
            experiment, EnvironmentVariables.For(connection, files.Environment, SessionState.Path.CurrentFileSystemLocation.ProviderPath), Variables(files), AllowExternal ? null : Confinement.For(connection), files.Secrets,
            new CallerSession(this));
        WriteObject(Strict ? validation.AsStrict() : validation.AsVerdict());
    }
}
