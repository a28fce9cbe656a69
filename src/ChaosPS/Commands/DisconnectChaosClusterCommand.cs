using System.Management.Automation;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Forgets the session's connection; reading then uses the kubeconfig's current context again.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ChaosCluster")]
[OutputType(typeof(void))]
public sealed class DisconnectChaosClusterCommand : AsyncCommand
{
    /// <inheritdoc/>
    protected override void Process() => Session.Current.Use(connection: null, sandbox: null);
}
