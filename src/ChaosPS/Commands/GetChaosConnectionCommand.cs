using System.Management.Automation;
using ChaosPS.Ports;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Gets the session's connection; nothing when none was chosen.</summary>
[Cmdlet(VerbsCommon.Get, "ChaosConnection")]
[OutputType(typeof(ChaosConnection))]
public sealed class GetChaosConnectionCommand : AsyncCommand
{
    /// <inheritdoc/>
    protected override void Process()
    {
        if (Session.Current.Connection is { } connection) WriteObject(connection);
    }
}
