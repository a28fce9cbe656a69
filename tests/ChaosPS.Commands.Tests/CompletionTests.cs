using System.Diagnostics;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What Tab offers.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("Stop-ClusterNode aks", "aks-nodepool1-36421985-vmss000000 aks-nodepool1-36421985-vmss000009 aks-nodepool1-36421985-vmss00000a")]
    [InlineData("Get-ClusterNode -Name 'AKS-nodepool1-36421985-vmss00000a", "'aks-nodepool1-36421985-vmss00000a'")]
    [InlineData("Stop-ClusterNode *0a", "aks-nodepool1-36421985-vmss00000a")]
    [InlineData("Get-ClusterNode -NodePoolName ", "nodepool1")]
    [InlineData("Get-ClusterPod -Namespace con", "contactsapp")]
    [InlineData("Set-WorkloadReplica se", "search-deploy search-function-deploy")]
    [InlineData("Set-WorkloadReplica -Namespace contactsapp se", "search-deploy search-function-deploy")]
    [InlineData("Set-WorkloadReplica -Ns ingress-nginx -Name ", "ingress-nginx-controller")]
    [InlineData("Get-PodDistribution -Namespace nonesuch, INGRESS-* ", "ingress-nginx-controller")]
    [InlineData("Get-ClusterPod -Namespace contactsapp -Name search-deploy", "search-deploy-88bd76564-6s9dh search-deploy-88bd76564-744xn")]
    [InlineData("Get-ClusterNode | Where-Object Ready | Get-ClusterPod -Namespace con", "contactsapp")]
    [InlineData("$nodes = Get-ClusterNode -Name *a; if ($nodes) { Stop-ClusterNode aks-nodepool1-36421985-vmss00000a", "aks-nodepool1-36421985-vmss00000a")]
    [InlineData("New-ChaosSandbox ", "contactsapp")]
    [InlineData("Remove-ChaosSandbox ", "contactsapp")]
    [InlineData("Wait-ClusterNode -State N", "NotReady")]
    [InlineData("Get-ChaosActivity chaosk8s.secret.a", "chaosk8s.secret.actions.create_secret chaosk8s.secret.actions.delete_secret")]
    [InlineData("New-ChaosExperiment x.yaml *.stop_vmss", "chaosazure.vmss.actions.stop_vmss")]
    public void Names_that_the_cluster_knows_are_completed(string line, string expected)
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(expected.Split(' '), Complete(engine, line));
    }

    [Fact]
    public void Options_of_the_simulation_are_completed_with_their_usual_values()
    {
        using var engine = new Engine();

        Assert.Equal(["@{ NodeMonitorGracePeriod = '50s' }"], Complete(engine, "New-ChaosSandbox contactsapp -SimulationOption NodeMonitorG"));
    }

    [Fact]
    public void The_codes_that_a_sandbox_refuses_with_are_completed_all_of_them()
    {
        using var engine = Engine.WithSandbox();

        var error = Assert.Single(engine.Run("Add-ChaosSandboxFault Refusal -Code Nonesuch").Errors).Exception.Message;

        Assert.Contains($"one of {string.Join(", ", Complete(engine, "Add-ChaosSandboxFault Refusal -Code "))}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Zones_are_completed()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(engine.Invoke("(Get-ClusterNode).Zone").Select(static zone => zone.ToString()).Distinct().Order(), Complete(engine, "Get-ClusterNode -Zone "));
    }

    [Fact]
    public void Another_connection_forgets_what_was_read()
    {
        using var engine = Engine.WithSandbox();
        Assert.Equal(3, Complete(engine, "Stop-ClusterNode aks").Count);

        engine.Invoke("Disconnect-ChaosCluster");

        Assert.Empty(Complete(engine, "Stop-ClusterNode aks"));
    }

    [Fact]
    public void Without_a_cluster_nothing_is_completed_and_nothing_is_said()
    {
        using var engine = new Engine();

        Assert.Empty(Complete(engine, "Stop-ClusterNode aks"));
        Assert.Equal("", engine.Host.Text);
        Assert.Empty(engine.Invoke("$Error"));
    }

    [Fact]
    public void Contexts_are_completed_from_the_kubeconfig_in_force_or_the_one_that_is_named()
    {
        // Libraries that a busy machine still has to load are not what is looked at, and Tab does not wait for them.
        using var engine = Engine.WithSandbox();
        engine.Invoke($"Disconnect-ChaosCluster; Test-ChaosExperiment '{Places.Sample("stop-node.yaml")}'");
        using var folder = new TemporaryFolder();
        var path = folder.Write("other-config", """
            apiVersion: v1
            kind: Config
            contexts:
            - name: staging
            - name: production west
            """);

        Assert.Empty(Complete(engine, "Connect-ChaosCluster -Context "));
        Assert.Equal(["'production west'", "staging"], Complete(engine, $"Connect-ChaosCluster -KubeConfigPath '{path}' -Context "));
        Assert.Equal(["staging"], Complete(engine, $"Connect-ChaosCluster -KubeConfig '{path}' st"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("contexts: [")]
    [InlineData("- a list")]
    public void A_kubeconfig_that_cannot_be_read_completes_nothing_and_says_nothing(string text)
    {
        using var engine = new Engine();
        using var folder = new TemporaryFolder();

        Assert.Empty(Complete(engine, $"Connect-ChaosCluster -KubeConfigPath '{folder.Write("config", text)}' -Context "));
        Assert.Equal("", engine.Host.Text);
        Assert.Empty(engine.Invoke("$Error"));
    }

    [Fact]
    public void A_cluster_that_does_not_answer_completes_nothing_and_does_not_hold_the_prompt_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var folder = new TemporaryFolder();
        var path = folder.Write("config", $$"""
            apiVersion: v1
            kind: Config
            current-context: silent
            contexts: [{ name: silent, context: { cluster: silent, user: nobody } }]
            clusters: [{ name: silent, cluster: { server: "http://{{silent.LocalEndpoint}}" } }]
            users: [{ name: nobody, user: { token: none } }]
            """);
        using var engine = new Engine();

        // Connect-ChaosCluster would ask the cluster how it is before it chose it.
        engine.Invoke($$"""
            $assembly = (Get-Command Get-ClusterNode).ImplementingType.Assembly
            $composition = $assembly.GetType('ChaosPS.Sessions.Composer').GetProperty('Composition').GetValue($null)
            $connection = $composition.Connect([ChaosPS.Ports.KubeConfigOptions]::new('{{path}}', 'silent'))
            $assembly.GetType('ChaosPS.Sessions.Session').GetProperty('Current').GetValue($null).Use($connection, $null)
            """);
        var watch = Stopwatch.StartNew();

        Assert.Empty(Complete(engine, "Stop-ClusterNode aks"));

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(10));
    }

    private static List<string> Complete(Engine engine, string line)
    {
        using var shell = PowerShell.Create(engine.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(static match => match.ResultType == CompletionResultType.ParameterValue).Select(static match => match.CompletionText)];
    }
}
