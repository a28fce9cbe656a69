using System.Management.Automation;
using System.Management.Automation.Internal;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>A sandbox that one session serves and another one uses, as if it were in another process.</summary>
public sealed class ServedSandboxTests : IDisposable
{
    private readonly Engine _serving = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _serving.Dispose();
        _folder.Dispose();
    }

    private string KubeConfig => Path.Combine(_folder.FullName, "sandbox.kubeconfig");

    [Fact]
    public void Another_session_works_on_the_same_cluster()
    {
        var uri = Serve("-Seed 3 -Speed 100");
        using var other = new Engine();
        other.Invoke($"$connection = Connect-ChaosCluster -Sandbox {uri}");

        Assert.Equal(["contactsapp", "Sandbox", uri], Texts(other, "$connection.Name; $connection.Kind; $connection.Origin.Sandbox"));
        other.Invoke("Stop-ClusterNode *000000");
        Assert.Equal(["Stopped"], Texts(_serving, "(Get-ClusterNode *000000 -PowerState).PowerState"));
        Assert.Equal(["NotReady"], Texts(other, "(Get-ClusterNode *000000 | Wait-ClusterNode -State NotReady).State"));

        // A record of the one session is a record of the other's cluster.
        var node = _serving.Invoke("Get-ClusterNode *000000").Single();
        other.Runspace.SessionStateProxy.SetVariable("node", node);
        Assert.Equal(["Ready"], Texts(other, "($node | Start-ClusterNode -PassThru | Wait-ClusterNode -State Ready).State"));
    }

    [Fact]
    public void Nodes_are_restarted_one_after_the_other_each_when_the_one_before_is_Ready_again()
    {
        var uri = Serve("-Speed 1000");
        using var other = new Engine();
        other.Invoke($"$null = Connect-ChaosCluster -Sandbox {uri}");

        Assert.Equal(["Restart", "Restart", "Restart"], Texts(other, "(Get-ClusterNode | Restart-ClusterNode -PassThru).Change.Action"));
    }

    [Fact]
    public void Its_clock_runs_and_can_be_moved_from_both_sides()
    {
        var uri = Serve("");
        using var other = new Engine();
        other.Invoke($"$null = Connect-ChaosCluster -Sandbox {uri}; $before = (Get-ChaosSandbox).Now; Step-ChaosSandbox 2h");
        _serving.Invoke("Step-ChaosSandbox 1h; $null = Get-ClusterNode");

        Assert.Equal(["True"], Texts(other, "$null = Get-ClusterNode; (Get-ChaosSandbox).Now - $before -ge [timespan]'2:59:59'"));
    }

    [Fact]
    public void It_is_served_until_it_is_removed()
    {
        var uri = Serve($"-KubeConfigPath '{KubeConfig}'");
        Assert.Contains(uri.TrimEnd('/'), File.ReadAllText(KubeConfig), StringComparison.Ordinal);

        _serving.Invoke("Get-ChaosSandbox | Remove-ChaosSandbox");

        Assert.Empty(_serving.Invoke("Get-ChaosSandbox; Get-ChaosConnection"));
        Assert.False(File.Exists(KubeConfig));
        AssertGone(uri);
    }

    [Fact]
    public void It_is_served_no_longer_than_its_session_lives()
    {
        var uri = Serve($"-KubeConfigPath '{KubeConfig}'");

        _serving.Runspace.Close();

        Assert.False(File.Exists(KubeConfig));
        AssertGone(uri);
    }

    [Fact]
    public void It_is_served_no_longer_when_the_module_is_removed()
    {
        var uri = Serve("");

        _serving.Invoke("Remove-Module ChaosPS");

        AssertGone(uri);
    }

    [Fact]
    public void Sandboxes_are_listed_by_name_and_a_served_one_shows_its_address()
    {
        var uri = Serve("-Speed 2");
        _serving.Invoke("$null = New-ChaosSandbox contactsapp -Seed 9");

        Assert.Equal(["9", "1"], Texts(_serving, "(Get-ChaosSandbox c*app).Seed"));
        Assert.Equal(["SandboxNotInSession,ChaosPS.Commands.GetChaosSandboxCommand"], _serving.Run("Get-ChaosSandbox nothing").Errors.Select(static error => error.FullyQualifiedErrorId));
        _serving.Invoke("Get-ChaosSandbox | Where-Object Uri | Out-Default");
        Assert.Matches($@"Name +Seed +Now +Speed +Uri\s[\s\S]*contactsapp +1 .* 2 {uri}", new StringDecorated(_serving.Host.Text).ToString(OutputRendering.PlainText));
    }

    [Theory]
    [InlineData("New-ChaosSandbox contactsapp -Speed 2", "NotListening")]
    [InlineData("New-ChaosSandbox contactsapp -Listen -Speed 0", "SpeedInvalid")]
    [InlineData("New-ChaosSandbox contactsapp -Listen -ListenAddress 0.0.0.0:80", "ListenAddressNotLocal")]
    [InlineData("Connect-ChaosCluster -Sandbox https://127.0.0.1:1", "SandboxUriInvalid")]
    [InlineData("Connect-ChaosCluster -Sandbox http://127.0.0.1:1", "SandboxUnreachable")]
    [InlineData("Remove-ChaosSandbox nothing", "SandboxNotInSession")]
    public void What_cannot_be_is_an_error_of_its_own(string command, string id)
    {
        var error = Assert.Single(_serving.Run(command).Errors);

        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(_serving.Invoke("Get-ChaosSandbox"));
    }

    [Fact]
    public void A_kubeconfig_of_somebody_else_is_not_touched_and_nothing_is_served()
    {
        File.WriteAllText(KubeConfig, "apiVersion: v1\n");
        var error = Assert.Single(_serving.Run($"New-ChaosSandbox contactsapp -Listen -KubeConfigPath '{KubeConfig}'").Errors);

        Assert.StartsWith("KubeConfigNotOurs,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("apiVersion: v1\n", File.ReadAllText(KubeConfig));
        Assert.Empty(_serving.Invoke("Get-ChaosSandbox"));
    }

    [Fact]
    public void A_sandbox_of_another_process_is_not_removed_from_here()
    {
        var uri = Serve("");
        using var other = new Engine();
        var error = Assert.Single(other.Run($"$null = Connect-ChaosCluster -Sandbox {uri}; Get-ChaosSandbox | Remove-ChaosSandbox").Errors);

        Assert.StartsWith("SandboxServedElsewhere,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["3"], Texts(other, "(Get-ClusterNode).Count"));
    }

    [Fact]
    public void The_first_cmdlet_that_connects_warns_of_what_a_dead_process_left()
    {
        // A run of a process that died right after Azure had taken its call.
        var uri = Serve("-Seed 4711 -Speed 100");
        var run = _serving.Invoke("(Stop-ClusterNode *000000 -PassThru).Change.RunId").Single().ToString();
        var log = Path.Combine(_serving.Invoke($"(Get-ChaosRun {run}).Folder").Single().ToString(), "recovery.jsonl");
        File.WriteAllText(log, File.ReadAllText(log).Replace("\"held\":true", "\"held\":false", StringComparison.Ordinal));

        using var other = new Engine();
        using var shell = other.Create($"$null = Connect-ChaosCluster -Sandbox {uri}; $null = Get-ClusterNode");
        shell.Invoke();
        var warning = Assert.Single(shell.Streams.Warning).Message;
        Assert.Contains("PowerOff aks-nodepool1-36421985-vmss000000", warning, StringComparison.Ordinal);
        Assert.Contains("Get-ChaosRun -Unfinished | Restore-ChaosRun", warning, StringComparison.Ordinal);

        Assert.Equal(["True"], Texts(other, $"(Get-ChaosRun {run} -Unfinished | Restore-ChaosRun).Complete"));
        Assert.Equal(["Running"], Texts(_serving, "(Get-ClusterNode *000000 -PowerState).PowerState"));
    }

    private string Serve(string arguments) => Texts(_serving, $"(New-ChaosSandbox contactsapp -Listen {arguments}).Uri").Single();

    private static void AssertGone(string uri)
    {
        using var engine = new Engine();
        Assert.StartsWith("SandboxUnreachable,", Assert.Single(engine.Run($"Connect-ChaosCluster -Sandbox {uri}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(Engine engine, string script) => engine.Invoke(script).Select(static item => item.ToString());
}
