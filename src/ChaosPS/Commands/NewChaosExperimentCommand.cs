using System.Management.Automation;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Writes the beginning of an experiment to a file: one activity, and probes of what the connected cluster publishes.</summary>
[Cmdlet(VerbsCommon.New, "ChaosExperiment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class NewChaosExperimentCommand : AsyncCommand
{
    /// <summary>The file, YAML.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FilePath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>What the experiment is about: the module and function of an activity.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(ActivityNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Activity { get; set; } = "";

    /// <summary>The title; a question about the activity when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Overwrites a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var activity = ActivityCatalogue.Get(Activity);
        if (activity.Replacement is { } newer) WriteWarning($"{activity.Name} is deprecated. Its newer name is {newer}.");
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (Directory.Exists(path)) throw ChaosErrors.FileIsFolder(path);
        if (File.Exists(path) && !Force) throw ChaosErrors.ExperimentExists(path);
        if (!ShouldProcess(Path, $"Write an experiment with {activity.Name}")) return;

        // A cluster that nobody chose is not asked: it may be anybody's.
        var paths = Session.Current.Connection is { } connection ? Run(connection.Time, (_, stop) => connection.Cluster.GetIngressPathsAsync(null, stop)) : [];
        var text = ExperimentSkeleton.Write(activity, Title, paths);
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.FileUnwritable(path, exception);
        }

        WriteObject(new FileInfo(path));
    }
}
