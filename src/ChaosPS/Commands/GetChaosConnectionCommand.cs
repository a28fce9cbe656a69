using System.Management.Automation;
using ChaosPS.Azure;
using ChaosPS.Errors;
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
        var session = Session.Current;
        if (session.Connection is not { } connection) return;
        WriteObject(connection is { Site: null, Kind: ConnectionKind.Sandbox } ? Locate(session, connection) : connection);
    }

    /// <summary>Looks where in Azure a new sandbox is: who makes one does not wait for that, and who connects to a cluster does.</summary>
    private ChaosConnection Locate(Session session, ChaosConnection connection)
    {
        try
        {
            var located = Run(connection.Time, (sink, stop) => AzureDiscovery.LocateAsync(connection, sink, stop));
            session.Locate(located);
            return located;
        }
        catch (ChaosException exception)
        {
            WriteVerbose(exception.Message);
            return connection;
        }
    }
}
