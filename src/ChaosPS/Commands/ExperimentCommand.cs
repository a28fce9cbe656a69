using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that take experiments: files, addresses, texts, objects.</summary>
public abstract class ExperimentCommand : ClusterCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string ObjectSet = "InputObject";

    /// <summary>Experiments, YAML or JSON: files, in which wildcards are allowed, and http or https addresses. From the pipeline also their text.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Experiment files, YAML or JSON, their paths taken as they are.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Experiments that are objects: hashtables, what <c>ConvertFrom-Json</c> makes, and files as <c>Get-ChildItem</c> gets them.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Believes any certificate of the server that an experiment is fetched from.</summary>
    [Parameter]
    [Alias("NoVerifyTls", "AllowInsecure")]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Values that come before the experiment's own configuration and secrets: <c>@{ pause = 60 }</c>.</summary>
    [Parameter]
    [Alias("Var")]
    [ValidateNotNull]
    public Hashtable Variable { get; set; } = [];

    /// <summary>Files of values: <c>.yaml</c> or <c>.json</c> with configuration and secrets, or lines NAME=VALUE for the environment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] VariableFile { get; set; } = [];

    /// <summary>Files of controls for the experiments, YAML or JSON: a mapping of names to controls.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ControlFile { get; set; } = [];

    /// <summary>A settings file of the Chaos Toolkit, whose controls, strategies and sign-ins count. None is read when it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SettingsFile { get; set; }

    /// <summary>Takes the warnings of the validation for errors.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

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
        if (InputObject is { } value)
        {
            if (ExperimentObject.FileOf(value) is { } file) Try(() => Take(ExperimentFile.Read(GetUnresolvedProviderPathFromPSPath(file), Composer.Composition.Documents)));
            else Try(() => Take(ExperimentObject.Read(value, Composer.Composition.Documents)));
            return;
        }

        foreach (var path in Path ?? LiteralPath!)
        {
            Try(() =>
            {
                if (Path is not null && ExperimentSource.IsText(path)) Take(ExperimentSource.ReadText(path, Composer.Composition.Documents));
                else if (Path is not null && ExperimentSource.IsUri(path)) Take(Fetch(path));
                else foreach (var file in Files(path)) Try(() => Take(ExperimentFile.Read(file, Composer.Composition.Documents)));
            });
        }
    }

    /// <summary>Does the work for an experiment, with what settings and files of controls say of all.</summary>
    private void Take(Experiment experiment) => Process(Experiments.ControlFile.AddTo(
        Settings?.AddTo(experiment) ?? experiment, ControlFile.Select(GetUnresolvedProviderPathFromPSPath), Composer.Composition.Documents));

    private ToolkitSettings? Settings => SettingsFile is null ? null : ToolkitSettings.Read(GetUnresolvedProviderPathFromPSPath(SettingsFile), Composer.Composition.Documents);

    private Experiment Fetch(string address) => Run(
        TimeProvider.System, (_, stop) => ExperimentSource.ReadAsync(address, Composer.Composition, !SkipCertificateCheck, Settings, stop));

    /// <summary>Whether a text is rather a line of an experiment than the name of a file, as <c>Get-Content</c> without <c>-Raw</c> writes them.</summary>
    private static bool IsLine(string text) => text.EndsWith(':') || text.Contains(": ", StringComparison.Ordinal) || text.TrimStart() is ['-' or '#' or '"', ..];

    private Collection<string> Files(string path)
    {
        if (LiteralPath is not null) return [GetUnresolvedProviderPathFromPSPath(path)];
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (SessionStateException exception) when (MyInvocation.ExpectingInput && IsLine(path) && exception is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            throw ChaosErrors.ExperimentInLines(path);
        }
        catch (ItemNotFoundException)
        {
            throw ChaosErrors.FileNotFound(GetUnresolvedProviderPathFromPSPath(path));
        }
    }
}
