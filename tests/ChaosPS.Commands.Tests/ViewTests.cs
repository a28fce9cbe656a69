using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Xml.Linq;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>The tables, as a screen of 120 columns shows them.</summary>
public sealed class ViewTests : IDisposable
{
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Nodes_look_like_kubectls() => Shows("Get-ClusterNode", """
        Name                              Status Pool      Zone         Age Version
        ----                              ------ ----      ----         --- -------
        aks-nodepool1-36421985-vmss000000 Ready  nodepool1 westeurope-1 27d v1.32.9
        aks-nodepool1-36421985-vmss000009 Ready  nodepool1 westeurope-2 16d v1.32.9
        aks-nodepool1-36421985-vmss00000a Ready  nodepool1 westeurope-3 16d v1.32.9
        """);

    [Fact]
    public void A_known_power_state_has_a_column() => Shows("Stop-ClusterNode *000000 -PassThru -WarningAction SilentlyContinue", """
        Name                              Status PowerState Pool      Zone         Age
        ----                              ------ ---------- ----      ----         ---
        aks-nodepool1-36421985-vmss000000 Ready  Stopped    nodepool1 westeurope-1 27d
        """);

    [Fact]
    public void Pods_look_like_kubectls_by_namespace() => Shows("Get-ClusterPod search-deploy-*", """
           Namespace: contactsapp

        Name                          Ready Status  Restarts   Age                              Node
        ----                          ----- ------  --------   ---                              ----
        search-deploy-88bd76564-6s9dh 1/1   Running        0 3d19h aks-nodepool1-36421985-vmss000000
        search-deploy-88bd76564-744xn 1/1   Running        0 3d19h aks-nodepool1-36421985-vmss000000
        """);

    [Fact]
    public void A_distribution_fits_on_the_screen_whole() => Shows("Get-PodDistribution search-deploy, textanalytics*", """
           Namespace: contactsapp

        Name                          Ready Nodes Zones MostOnOne SurvivesNodeLoss                         WorstNode
        ----                          ----- ----- ----- --------- ----------------                         ---------
        search-deploy                 2/2       1     1         2 False            aks-nodepool1-36421985-vmss000000
        textanalytics-function-deploy 1/1       1     1         1 False            aks-nodepool1-36421985-vmss00000a
        """);

    [Fact]
    public void A_workload_looks_like_kubectls() => Shows("Set-WorkloadReplica ca-deploy -Replicas 2 -PassThru", """
        Kind       Namespace   Name      Ready UpToDate Available
        ----       ---------   ----      ----- -------- ---------
        Deployment contactsapp ca-deploy 2/2          2         2
        """);

    [Fact]
    public void A_validation_reads_like_a_compilers() =>
        Shows($"Test-ChaosExperiment '{Places.Sample("stop-node.yaml")}'", $"{Places.Sample("stop-node.yaml")}: valid");

    [Fact]
    public void A_connection_is_told_in_a_line() => Shows("Get-ChaosConnection", """
        Name        Kind    Server
        ----        ----    ------
        contactsapp Sandbox https://kubernetes.contactsapp.sandbox
        """);

    [Fact]
    public void Health_is_told_by_application_with_what_was_expected() => Shows("Test-AppHealth -Tolerance 200, 204", """
           Application: http://contactsapp.sandbox

        Name            Uri                       StatusCode Latency Tolerance Healthy Reason
        ----            ---                       ---------- ------- --------- ------- ------
        contactsapi     /api/contacts/                   200   16 ms  200, 204 True    OK
        frontend        /                                200   35 ms  200, 204 True    OK
        searchapi       /api/search/contacts             200    6 ms  200, 204 True    OK
        visitreportsapi /api/visitreports/reports        200   12 ms  200, 204 True    OK
        """);

    [Theory]
    [InlineData("Get-ClusterNode *000000 | Stop-ClusterNode -PassThru -WarningAction SilentlyContinue | Wait-ClusterNode -State NotReady", "Name State Elapsed Status")]
    [InlineData("$sandbox", "Name Seed Now")]
    public void Other_tables_have_the_columns_that_people_look_for(string command, string columns)
    {
        var lines = Show(command).Split('\n');

        Assert.Equal(columns, string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.All(lines, static line => Assert.True(line.Length <= 120));
    }

    [Fact]
    public void A_run_is_a_list_of_what_became_of_it()
    {
        var shown = Show($"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}'");

        Assert.Matches(@"(?m)^Title +: Validate pod distribution over k8s nodes$", shown);
        Assert.Matches(@"(?m)^Outcome +: Deviated$", shown);
        Assert.Matches(@"(?m)^Duration +: \d+\.\d s$", shown);
        Assert.Matches(@"(?m)^Reason +: The steady state was not met after the method\.", shown);
    }

    [Fact]
    public void Objects_of_several_kinds_in_one_stream_show_what_people_ask_for()
    {
        var shown = Show("& { $sandbox; Get-ClusterNode *000000; $stopped = Stop-ClusterNode *000000 -PassThru -WarningAction SilentlyContinue; Get-ChaosRun $stopped.Change.RunId }");

        Assert.Matches(@"(?m)^Status +: Ready$", shown);
        Assert.DoesNotContain("Taints", shown, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Remaining +: 1$", shown);
        Assert.DoesNotContain("UnreadableLines", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_with_a_view_has_a_set_of_its_properties_for_streams_of_several_kinds()
    {
        XDocument Read(string file) => XDocument.Load(Path.Combine(Places.RepositoryRoot, "src", "ChaosPS", file));
        var viewed = Read("ChaosPS.Format.ps1xml").Descendants("TypeName").Select(static name => name.Value).Where(static name => !name.Contains('#')).Distinct();
        var sets = Read("ChaosPS.Types.ps1xml").Descendants("Type").ToDictionary(
            static type => type.Element("Name")!.Value, static type => type.Descendants("ReferencedProperties").Single().Elements().Select(static name => name.Value));

        Assert.Equal(viewed.Order(StringComparer.Ordinal), sets.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, properties) in sets)
        {
            var type = (Type)_engine.Invoke($"[{name}]").Single().BaseObject;
            Assert.All(properties, property => Assert.True(type.GetProperty(property) is not null, $"{name} has no property {property}"));
        }
    }

    [Theory]
    [InlineData("Get-ClusterPod search-deploy-*", "000")]
    [InlineData("Get-PodDistribution search-deploy, textanalytics*", "00a")]
    [InlineData("Get-ClusterNode", "00000a")]
    [InlineData("Get-ClusterNode -PowerState", "00000a")]
    public void Eighty_columns_still_show_which_node_it_is(string command, string end)
    {
        _engine.Host.Width = 80;

        var lines = Show(command).Split('\n');

        Assert.All(lines, static line => Assert.True(line.Length <= 80));
        Assert.Contains(lines, line => line.Contains(end, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_below_the_present_location_is_named_from_there()
    {
        _engine.Invoke($"[void]$ExecutionContext.SessionState.Path.SetLocation('{Places.RepositoryRoot}')");

        Assert.Equal(Path.Combine("docs", "samples", "stop-node.yaml") + ": valid", Show("Test-ChaosExperiment docs/samples/stop-node.yaml"));
    }

    private void Shows(string command, string expected) => Assert.Equal(expected, Show(command));

    private string Show(string command)
    {
        var before = _engine.Host.Text.Length;
        _engine.Invoke($"{command} | Out-Default");
        var plain = new StringDecorated(_engine.Host.Text[before..]).ToString(OutputRendering.PlainText);
        return string.Join('\n', plain.Split('\n').Select(static line => line.TrimEnd())).Trim('\n');
    }
}
