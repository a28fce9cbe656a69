using System.Collections;
using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>Makes an emulated AKS cluster in this process and connects the session to it.</summary>
[Cmdlet(VerbsCommon.New, "ChaosSandbox", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ChaosSandbox))]
public sealed class NewChaosSandboxCommand : AsyncCommand
{
    private const string NameSet = "Name";
    private const string PathSet = "Path";

    /// <summary>The built-in sandbox, such as <c>contactsapp</c>; else a path, as with <see cref="Path"/>.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>What the sandbox is made of: a snapshot of a cluster, or a file or folder of manifests.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>What all chance in the sandbox comes from: one seed, one history.</summary>
    [Parameter]
    [Alias("SetSeed")]
    public int Seed { get; set; } = 1;

    /// <summary>Serves it to other processes of this machine: kubectl, chaosps, other sessions.</summary>
    [Parameter]
    [Alias("Serve")]
    public SwitchParameter Listen { get; set; }

    /// <summary>Where to listen: an address of this machine's own; with port 0 the system chooses one that is free.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ListenAddress { get; set; } = "127.0.0.1:0";

    /// <summary>How many of its seconds pass in one second while it is served.</summary>
    [Parameter]
    public double Speed { get; set; } = 1;

    /// <summary>Where to write a kubeconfig that leads to it; it is removed with the sandbox.</summary>
    [Parameter]
    [Alias("KubeConfig")]
    [ValidateNotNullOrEmpty]
    public string? KubeConfigPath { get; set; }

    /// <summary>How many nodes a sandbox of manifests has that bring none; three when it is left out.</summary>
    [Parameter]
    [Alias("NodeCount")]
    [ValidateRange(1, 1000)]
    public int Nodes { get; set; }

    /// <summary>The zones of those nodes, in turn: <c>1</c>, or with the region <c>westeurope-1</c>.</summary>
    [Parameter]
    [Alias("Zones")]
    [ValidateNotNullOrEmpty]
    public string[] Zone { get; set; } = [];

    /// <summary>The size of those nodes, such as <c>Standard_D4s_v3</c>.</summary>
    [Parameter]
    [Alias("NodeVMSize", "VMSize")]
    [ArgumentCompleter(typeof(NodeSizeCompleter))]
    [ValidateNotNullOrEmpty]
    public string? NodeSize { get; set; }

    /// <summary>Times and rates of the simulation that are not as usual: <c>@{ NodeMonitorGracePeriod = '20s'; ShutdownTaints = $true }</c>.</summary>
    [Parameter]
    [Alias("SimulationOptions")]
    [ArgumentCompleter(typeof(SimulationOptionCompleter))]
    [ValidateNotNull]
    public Hashtable SimulationOption { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        string[] ofListening = [nameof(ListenAddress), nameof(Speed), nameof(KubeConfigPath)];
        if (!Listen && Array.Find(ofListening, MyInvocation.BoundParameters.ContainsKey) is { } given) throw ChaosErrors.NotListening(given);

        var source = Path is not null || !Composer.SandboxNames.Contains(Name, StringComparer.OrdinalIgnoreCase)
            ? GetUnresolvedProviderPathFromPSPath(Path ?? Name)
            : Name;
        var options = new SandboxOptions
        {
            Seed = Seed,
            Speed = Listen ? Speed : null,
            Nodes = MyInvocation.BoundParameters.ContainsKey(nameof(Nodes)) ? Nodes : null,
            Zones = Zone,
            NodeSize = NodeSize,
            Simulation = SimulationText.Table(SimulationOption),
        };
        var sandbox = Run(TimeProvider.System, (sink, _) => Task.FromResult(Composer.CreateSandbox(source, options, sink)));
        if (Listen) sandbox = Serve(sandbox);
        Session.Current.Connect(sandbox);
        WriteVerbose($"The session is connected to sandbox {sandbox.Name}, seed {sandbox.Seed}.");
        WriteObject(SandboxView.Of(sandbox));
    }

    private ChaosSandbox Serve(ChaosSandbox sandbox)
    {
        var path = KubeConfigPath is null ? null : GetUnresolvedProviderPathFromPSPath(KubeConfigPath);
        var service = Run(TimeProvider.System, (_, _) => Composer.ServeAsync(sandbox, ListenAddress, path, new HostLog(Host.UI)));
        Session.Current.Add(service);
        return service.Sandbox;
    }
}
