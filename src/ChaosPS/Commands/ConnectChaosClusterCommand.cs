using System.Management.Automation;
using ChaosPS.Azure;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Ports;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Chooses the cluster that the session works on: a context of the kubeconfig, or a sandbox.</summary>
[Cmdlet(VerbsCommunications.Connect, "ChaosCluster", DefaultParameterSetName = KubeConfigSet)]
[OutputType(typeof(ChaosConnection))]
public sealed class ConnectChaosClusterCommand : AsyncCommand
{
    private const string KubeConfigSet = "KubeConfig";
    private const string SandboxSet = "Sandbox";

    /// <summary>The kubeconfig context; the current one when it is left out.</summary>
    [Parameter(ParameterSetName = KubeConfigSet, Position = 0)]
    [Alias("KubeContext")]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Context { get; set; }

    /// <summary>The kubeconfig file; <c>KUBECONFIG</c>, then <c>~/.kube/config</c> when it is left out.</summary>
    [Parameter(ParameterSetName = KubeConfigSet)]
    [Alias("ConfigPath", "KubeConfig")]
    [ValidateNotNullOrEmpty]
    public string? KubeConfigPath { get; set; }

    /// <summary>Where the token comes from that Azure is asked with; the first that is set up when it is left out.</summary>
    [Parameter(ParameterSetName = KubeConfigSet)]
    [Alias("AuthenticationMethod")]
    public AzureTokenSource TokenSource { get; set; }

    /// <summary>A sandbox that New-ChaosSandbox made, or the address of one that another process serves, such as <c>http://127.0.0.1:8001</c>.</summary>
    [Parameter(ParameterSetName = SandboxSet, Mandatory = true, ValueFromPipeline = true)]
    [Alias("InputObject", "SandboxUri")]
    public SandboxReference? Sandbox { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = Sandbox?.Uri is { } uri ? Run(TimeProvider.System, (_, stop) => Composer.Composition.OpenSandboxAsync(uri, stop)) : Sandbox?.Sandbox;
        var connection = sandbox is not null
            ? Composer.Composition.Connect(sandbox)
            : Composer.Composition.Connect(new KubeConfigOptions(ResolvePath(KubeConfigPath), Context) { TokenSource = TokenSource });

        // A cluster that does not answer, or not to us, is better known now than in the middle of something.
        Run(connection.Time, (_, stop) => connection.Cluster.GetIdentityAsync(stop));
        connection = Run(connection.Time, (sink, stop) => AzureDiscovery.LocateAsync(connection, sink, stop));
        Session.Current.Use(connection, sandbox);
        WarnOfUnfinishedRuns(connection);
        WriteObject(connection);
    }
}
