using System.CommandLine;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox;
using ChaosPS.Sandboxes;

namespace ChaosPS.Cli;

/// <summary>What <c>run</c> and <c>validate</c> both take: an experiment, and the cluster that it is for.</summary>
internal sealed class ExperimentArguments
{
    private readonly Argument<string> _file = new("file") { Description = "The experiment: Chaos Toolkit YAML or JSON.", HelpName = "FILE" };

    private readonly Option<string?> _sandbox = new("--sandbox")
    {
        Description = "Use an emulated cluster instead of the current kubeconfig context: contactsapp, a snapshot, a file or folder of manifests, "
            + "or the one that another process serves at http://127.0.0.1:PORT.",
        HelpName = "SOURCE|URL",
    };

    private readonly NodeArguments _nodes = new();

    private readonly Option<string[]> _variables = new("--var")
    {
        Description = "A value that comes before the experiment's configuration, such as pause_after_stop=60 or flag:bool=no.",
        HelpName = "KEY[:TYPE]=VALUE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "What all chance comes from: one seed, one history.",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string> _output = new Option<string>("--output")
    {
        Description = "text for people, json for machines.",
        HelpName = "text|json",
        DefaultValueFactory = static _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Say what is done, and why." };

    private readonly Composition _composition = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        _nodes.AddTo(command);
        foreach (Option option in (Option[])[_sandbox, _variables, _seed, _output, _verbose]) command.Options.Add(option);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_output) == "json";

    public bool Verbose(ParseResult parsed) => parsed.GetValue(_verbose);

    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public Experiment Read(ParseResult parsed) => ExperimentFile.Read(parsed.GetRequiredValue(_file), _composition.Documents);

    /// <summary>Of equal keys the last one counts.</summary>
    public IReadOnlyDictionary<string, object?> Variables(ParseResult parsed)
    {
        var variables = new Dictionary<string, object?>();
        foreach (var (key, value) in parsed.GetRequiredValue(_variables).Select(RunVariables.Parse)) variables[key] = value;
        return variables;
    }

    /// <summary>The sandbox that is asked for; null when none is.</summary>
    public async Task<ChaosConnection?> ConnectSandboxAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_sandbox) is not { } sandbox) return null;
        return _composition.Connect(sandbox.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(sandbox, UriKind.Absolute, out var uri)
            ? await _composition.OpenSandboxAsync(uri, cancellationToken)
            : SandboxFactory.Create(sandbox, _nodes.Add(parsed, new SandboxOptions { Seed = Seed(parsed) }), _composition.Documents, log));
    }

    /// <summary>The sandbox that is asked for, else the current kubeconfig context.</summary>
    public async Task<ChaosConnection> ConnectAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken) =>
        await ConnectSandboxAsync(parsed, log, cancellationToken) ?? _composition.Connect(new KubeConfigOptions());
}
