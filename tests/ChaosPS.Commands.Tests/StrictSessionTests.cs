using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Sessions as scripts and pipelines of builds set them up.</summary>
public sealed class StrictSessionTests
{
    [Fact]
    public void Under_strict_mode_nothing_that_the_module_reads_or_shows_is_missing()
    {
        using var engine = Engine.WithSandbox();

        engine.Invoke("""
            Set-StrictMode -Version Latest
            Get-ClusterNode -PowerState | Out-Default
            Get-ClusterPod -Namespace contactsapp | Out-Default
            Get-PodDistribution | Out-Default
            Test-AppHealth | Out-Default
            Get-ClusterNode *000000 | Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady | Out-Default
            """);

        Assert.DoesNotContain("cannot be found on this object", engine.Host.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void When_errors_stop_the_script_nothing_after_the_first_refusal_runs()
    {
        using var engine = Engine.WithSandbox();

        var result = engine.Run("$ErrorActionPreference = 'Stop'; Get-ClusterNode | Stop-ClusterNode; 'after'");

        Assert.Empty(result.Output);
        Assert.Equal("TooManyNodesDown,ChaosPS.Commands.StopClusterNodeCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(["Stopped", "Running", "Running"],
            engine.Invoke("(Get-ClusterNode -PowerState).PowerState").Select(static item => item.ToString()));
    }
}
