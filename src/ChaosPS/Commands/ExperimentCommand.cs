using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that take experiment files.</summary>
public abstract class ExperimentCommand : ClusterCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Experiment files, YAML or JSON; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Experiment files, YAML or JSON, their paths taken as they are.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Values that come before the experiment's own configuration and secrets: <c>@{ pause = 60 }</c>.</summary>
    [Parameter]
    [Alias("Var")]
    [ValidateNotNull]
    public Hashtable Variable { get; set; } = [];

    /// <summary>Files of values: <c>.yaml</c> or <c>.json</c> with configuration and secrets, or lines NAME=VALUE for the environment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] VariableFile { get; set; } = [];

    /// <summary>In a sandbox, lets programs run and requests go to hosts that the sandbox does not serve.</summary>
    [Parameter]
    public SwitchParameter AllowExternal { get; set; }

    /// <summary>Does the work for one experiment.</summary>
    private protected abstract void Process(Experiment experiment);

    /// <summary>What the files of variables say.</summary>
    private protected VariableFile ReadVariableFiles() =>
        Experiments.VariableFile.Read(VariableFile.Select(GetUnresolvedProviderPathFromPSPath), Composer.Composition.Documents);

    /// <summary>The values for the configuration: those of files, then those of -Variable.</summary>
    private protected IReadOnlyDictionary<string, object?> Variables(VariableFile files)
    {
        var variables = new Dictionary<string, object?>(files.Configuration);
        foreach (DictionaryEntry entry in Variable) variables[entry.Key.ToString()!] = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
        return variables;
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var path in Path ?? LiteralPath!)
        {
            Try(() =>
            {
                foreach (var file in Files(path)) Try(() => Process(ExperimentFile.Read(file, Composer.Composition.Documents)));
            });
        }
    }

    private Collection<string> Files(string path)
    {
        if (LiteralPath is not null) return [GetUnresolvedProviderPathFromPSPath(path)];
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException)
        {
            throw ChaosErrors.FileNotFound(GetUnresolvedProviderPathFromPSPath(path));
        }
    }
}
