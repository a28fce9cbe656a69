using System.CommandLine;
using ChaosPS.Azure;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox;
using ChaosPS.Sandboxes;

namespace ChaosPS.Cli;

/// <summary>What every command takes that works on a cluster: which one, where runs are kept, and how to say it.</summary>
internal sealed class ClusterArguments
{
    private readonly Option<string?> _sandbox = new("--sandbox")
    {
        Description = "Use an emulated cluster instead of the current kubeconfig context: contactsapp, a snapshot, a file or folder of manifests, "
            + "or the one that another process serves at http://127.0.0.1:PORT.",
        HelpName = "SOURCE|URL",
    };

    private readonly Option<AzureTokenSource> _tokenSource = new("--token-source")
    {
        Description = "Where the token comes from that Azure is asked with. Default: the first that is set up, in this order: "
            + $"{string.Join(", ", Enum.GetNames<AzureTokenSource>().Skip(1))}.",
        HelpName = "SOURCE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "The kubeconfig context. Default: the current one.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _kubeConfig = new("--kubeconfig")
    {
        Description = "The kubeconfig file. Default: the files that KUBECONFIG names, then ~/.kube/config; in a pod its service account.",
        HelpName = "FILE",
    };

    private readonly SandboxArguments _made = new();

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "What all chance comes from: one seed, one history.",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string?> _statePath = new("--state-path")
    {
        Description = "The directory that holds the run folders. Default: $XDG_STATE_HOME/chaosps, ~/.local/state/chaosps, on Windows %LocalAppData%\\ChaosPS.",
        HelpName = "DIR",
    };

    private readonly Option<string> _output = new Option<string>("--output")
    {
        Description = "text for people, json for machines.",
        HelpName = "text|json",
        DefaultValueFactory = static _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Say what is done, and why." };

    /// <summary>Makes the ports.</summary>
    public Composition Composition { get; } = new();

    public void AddTo(Command command)
    {
        _made.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_sandbox) is not null && (result.GetResult(_context) ?? result.GetResult(_kubeConfig)) is not null)
                result.AddError("--sandbox takes no kubeconfig: leave out --context and --kubeconfig, or --sandbox.");
        });
        foreach (Option option in (Option[])[_context, _kubeConfig, _sandbox, _tokenSource, _seed, _statePath, _output, _verbose]) command.Options.Add(option);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_output) == "json";

    public bool Verbose(ParseResult parsed) => parsed.GetValue(_verbose);

    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public string? StatePath(ParseResult parsed) => parsed.GetValue(_statePath) is { } path ? Path.GetFullPath(path) : null;

    /// <summary>The sandbox or the kubeconfig context that is asked for; null when none is.</summary>
    public async Task<ChaosConnection?> ConnectChosenAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_context) is not null || parsed.GetValue(_kubeConfig) is not null) return Composition.Connect(KubeConfig(parsed));
        if (parsed.GetValue(_sandbox) is not { } sandbox) return null;
        return sandbox.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(sandbox, UriKind.Absolute, out var uri)
            ? await ConnectAsync(new ConnectionOrigin(Sandbox: uri), cancellationToken)
            : Composition.Connect(SandboxFactory.Create(sandbox, _made.Add(parsed, new SandboxOptions { Seed = Seed(parsed) }), Composition.Documents, log));
    }

    /// <summary>The cluster that is asked for, else the one of the current kubeconfig context.</summary>
    public async Task<ChaosConnection> ConnectAsync(ParseResult parsed, IChaosLog log, CancellationToken cancellationToken) =>
        await ConnectChosenAsync(parsed, log, cancellationToken) ?? Composition.Connect(KubeConfig(parsed));

    private KubeConfigOptions KubeConfig(ParseResult parsed) =>
        new(parsed.GetValue(_kubeConfig) is { } path ? Path.GetFullPath(path) : null, parsed.GetValue(_context)) { TokenSource = parsed.GetValue(_tokenSource) };

    /// <summary>The cluster that another process had found in that way.</summary>
    public async Task<ChaosConnection> ConnectAsync(ConnectionOrigin origin, CancellationToken cancellationToken) => origin.Sandbox is { } uri
        ? Composition.Connect(await Composition.OpenSandboxAsync(uri, cancellationToken))
        : Composition.Connect(origin.ToKubeConfigOptions());
}
