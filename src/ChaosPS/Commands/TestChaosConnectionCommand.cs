using System.Management.Automation;
using ChaosPS.Completion;
using ChaosPS.Preflight;

namespace ChaosPS.Commands;

/// <summary>Looks at the connected cluster before it is worked on: whether it answers, who we are there, what we may do, and what will not work.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ChaosConnection")]
[OutputType(typeof(ConnectionFinding))]
public sealed class TestChaosConnectionCommand : ClusterCommand
{
    /// <summary>The namespace in which rights are asked for; all when it is left out.</summary>
    [Parameter(Position = 0)]
    [Alias("Ns")]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var finding in Run((connection, _, stop) => ConnectionTest.RunAsync(connection, Namespace, stop))) WriteObject(finding);
    }
}
