using System.CommandLine;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Cli;

/// <summary>What <c>run</c> and <c>validate</c> both take: an experiment, and the cluster that it is for.</summary>
internal sealed class ExperimentArguments
{
    private readonly Argument<string> _source = new("source")
    {
        Description = "The experiment, Chaos Toolkit YAML or JSON: a file, or an http or https address. $CHAOSTOOLKIT_LOADER_AUTH_BEARER_TOKEN signs in there.",
        HelpName = "FILE|URL",
    };

    private readonly Option<bool> _noVerify = new("--no-verify-tls") { Description = "Believe any certificate of the server that the experiment is fetched from." };

    private readonly Option<string[]> _variables = new("--var")
    {
        Description = "A value that comes before the experiment's configuration, such as pause_after_stop=60 or flag:bool=no.",
        HelpName = "KEY[:TYPE]=VALUE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _files = new("--var-file")
    {
        Description = "A file of values: .yaml or .json with configuration and secrets, or lines NAME=VALUE for the environment.",
        HelpName = "FILE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _controls = new("--control-file")
    {
        Description = "A file of controls for the experiment, .yaml or .json: a mapping of names to controls.",
        HelpName = "FILE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "A settings file of the Chaos Toolkit, such as ~/.chaostoolkit/settings.yaml: its controls, runtime and auths count. None is read by itself.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _external = new("--allow-external")
    {
        Description = "In a sandbox, allow programs to run and requests to hosts that the sandbox does not serve.",
    };

    private readonly Option<bool> _strict = new("--strict") { Description = "Take warnings for errors." };

    private readonly ClusterArguments _cluster = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_source);
        command.Options.Add(_noVerify);
        command.Options.Add(_variables);
        command.Options.Add(_files);
        command.Options.Add(_controls);
        command.Options.Add(_settings);
        command.Options.Add(_external);
        command.Options.Add(_strict);
        _cluster.AddTo(command);
    }

    public bool Json(ParseResult parsed) => _cluster.Json(parsed);

    public bool AllowExternal(ParseResult parsed) => parsed.GetValue(_external);

    public bool Strict(ParseResult parsed) => parsed.GetValue(_strict);

    public bool Verbose(ParseResult parsed) => _cluster.Verbose(parsed);

    public int Seed(ParseResult parsed) => _cluster.Seed(parsed);

    public string? StatePath(ParseResult parsed) => _cluster.StatePath(parsed);

    /// <summary>The experiment, with what settings and files of controls say of all.</summary>
    public async Task<Experiment> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var documents = _cluster.Composition.Documents;
        var settings = parsed.GetValue(_settings) is { } path ? ToolkitSettings.Read(path, documents) : null;
        var experiment = await ExperimentSource.ReadAsync(parsed.GetRequiredValue(_source), _cluster.Composition, !parsed.GetValue(_noVerify), settings, cancellationToken);
        return ControlFile.AddTo(settings?.AddTo(experiment) ?? experiment, parsed.GetRequiredValue(_controls), documents);
    }

    /// <summary>What the files of variables say.</summary>
    public VariableFile Files(ParseResult parsed) => VariableFile.Read(parsed.GetRequiredValue(_files), _cluster.Composition.Documents);

    /// <summary>The values for the configuration: those of files, then those of the command line. Of equal keys the last one counts.</summary>
    public IReadOnlyDictionary<string, object?> Variables(ParseResult parsed, VariableFile files)
    {
        var variables = new Dictionary<string, object?>(files.Configuration);
        foreach (var (key, value) in parsed.GetRequiredValue(_variables).Select(RunVariables.Parse)) variables[key] = value;
        return variables;
    }

    /// <summary>What the command line and the policy file upward from the experiment say about how much may be hit.</summary>
    public IReadOnlyList<BlastPolicy> Policies(Experiment experiment, int? maxNodesDown)
    {
        var file = BlastPolicyReader.ReadUpwardFrom(experiment.Folder ?? Environment.CurrentDirectory, _cluster.Composition.Documents);
        return maxNodesDown is { } most ? [new BlastPolicy { Source = "--max-nodes-down", MaxNodesDown = most }, .. file] : file;
    }

    /// <inheritdoc cref="ClusterArguments.ConnectChosenAsync"/>
    public Task<ChaosConnection?> ConnectChosenAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken) =>
        _cluster.ConnectChosenAsync(parsed, log, cancellationToken);

    /// <inheritdoc cref="ClusterArguments.ConnectAsync(ParseResult, IChaosLog, CancellationToken)"/>
    public Task<ChaosConnection> ConnectAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken) =>
        _cluster.ConnectAsync(parsed, log, cancellationToken);
}
