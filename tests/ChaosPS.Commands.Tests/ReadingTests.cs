using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Reading nodes, pods and distributions.</summary>
public sealed class ReadingTests : IDisposable
{
    private const string Pool = "aks-nodepool1-36421985-vmss";
    private readonly Engine _engine = Engine.WithSandbox();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("", "000000 000009 00000a")]
    [InlineData("*000000", "000000")]
    [InlineData("-Name *9,*a", "000009 00000a")]
    [InlineData("AKS-NODEPOOL1-36421985-VMSS000000", "000000")]
    [InlineData("-NodePoolName nodepool1", "000000 000009 00000a")]
    [InlineData("-NodePoolName other*", "")]
    [InlineData("-Zone *-9", "")]
    public void Nodes_are_chosen_by_name_pool_and_zone_with_wildcards(string arguments, string expected)
    {
        var names = _engine.Invoke($"Get-ClusterNode {arguments} | ForEach-Object Name").Select(static item => item.ToString());

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static suffix => Pool + suffix), names);
    }

    [Fact]
    public void A_node_knows_its_machine_and_whether_it_is_ready()
    {
        var node = _engine.Invoke("Get-ClusterNode *000009").Single();

        Assert.Equal(true, node.Properties["Ready"].Value);
        Assert.Equal("9", node.Properties["InstanceId"].Value);
        Assert.Equal(Pool, node.Properties["VMScaleSetName"].Value);
        Assert.StartsWith("MC_", (string)node.Properties["ResourceGroupName"].Value, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Unknown", node.Properties["PowerState"].Value.ToString());
    }

    [Fact]
    public void The_power_state_is_read_on_request()
    {
        Assert.All(_engine.Invoke("Get-ClusterNode -PowerState"), static node => Assert.Equal("Running", node.Properties["PowerState"].Value.ToString()));
    }

    [Fact]
    public void An_unknown_node_is_an_error_beside_the_nodes_that_exist()
    {
        var result = _engine.Run("Get-ClusterNode nonesuch, *000000");

        Assert.Single(result.Output);
        var error = Assert.Single(result.Errors);
        Assert.Equal("NodeNotFound,ChaosPS.Commands.GetClusterNodeCommand", error.FullyQualifiedErrorId);
        Assert.Equal("ObjectNotFound", error.CategoryInfo.Category.ToString());
        Assert.Equal("nonesuch", error.TargetObject);
    }

    [Fact]
    public void The_namespace_has_the_ten_pods_of_the_workshop()
    {
        Assert.Equal(10, _engine.Invoke("Get-ClusterPod -Namespace contactsapp").Count);
        Assert.Equal(2, _engine.Invoke("Get-ClusterPod -Ns contactsapp -l service=searchapi").Count);
        Assert.Equal(2, _engine.Invoke("Get-ClusterPod search-deploy-* -Namespace contacts*").Count);
        Assert.Equal(2, _engine.Invoke("Get-ClusterNode *000000 | Get-ClusterPod -Namespace contactsapp").Count);
        Assert.Equal(2, _engine.Invoke("Get-ClusterPod -Namespace contactsapp -NodeName *000000").Count);
        Assert.Equal(10, _engine.Invoke("Get-ClusterNode | Get-ClusterPod -Namespace contactsapp").Count);
        Assert.Empty(_engine.Invoke("Get-ClusterNode | Where-Object Name -eq nonesuch | Get-ClusterPod"));
    }

    [Theory]
    [InlineData("Get-ClusterNode *000000 | Get-ClusterPod")]
    [InlineData("Get-ClusterPod -NodeName aks-nodepool1-36421985-vmss000000")]
    public void The_pods_of_one_node_are_the_same_whether_the_server_chooses_them_or_we_do(string command) => Assert.Equal(
        _engine.Invoke("Get-ClusterPod | Where-Object NodeName -like *000000 | ForEach-Object Name").Select(it => $"{it}"),
        _engine.Invoke($"{command} | ForEach-Object Name").Select(it => $"{it}"));

    [Theory]
    [InlineData("Get-ClusterPod nonesuch, search-deploy-*", "PodNotFound", "No pod 'nonesuch'.", 2)]
    [InlineData("Get-ClusterPod nonesuch -Namespace contactsapp -NodeName *000000", "PodNotFound", "No pod 'nonesuch' in namespace contactsapp on *000000.", 0)]
    [InlineData("Get-PodDistribution nonesuch, ca-deploy", "WorkloadNotFound", "No workload 'nonesuch'.", 1)]
    public void A_name_that_nothing_has_is_an_error_beside_what_was_found(string command, string id, string message, int found)
    {
        var result = _engine.Run(command);

        Assert.Equal(found, result.Output.Count);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_distribution_shows_at_a_glance_what_one_node_can_take_away()
    {
        var search = _engine.Invoke("Get-PodDistribution search-deploy").Single();

        Assert.Equal(
            ["search-deploy", "contactsapp", 2, 2, 1, 2, false, Pool + "000000"],
            new[] { "Name", "Namespace", "Replicas", "Ready", "Nodes", "MostOnOneNode", "SurvivesNodeLoss", "WorstNode" }.Select(name => search.Properties[name].Value));
        Assert.Equal(9, _engine.Invoke("Get-PodDistribution -Namespace contactsapp | Where-Object { -not $_.SurvivesNodeLoss }").Count);
    }

    [Fact]
    public void The_application_is_tested_at_the_addresses_that_its_ingress_publishes()
    {
        var results = _engine.Invoke("Test-AppHealth");

        Assert.Equal(4, results.Count);
        Assert.All(results, static result => Assert.Equal(true, result.Properties["Healthy"].Value));
        Assert.All(results, static result => Assert.Equal(200, result.Properties["StatusCode"].Value));
    }

    [Fact]
    public async Task An_address_needs_no_cluster()
    {
        using var engine = new Engine();
        using var server = new LoopbackServer();
        var answered = server.AnswerOnceAsync(204);

        var result = engine.Invoke($"Test-AppHealth {server.Uri} -Tolerance 204").Single();

        await answered;
        Assert.Equal(true, result.Properties["Healthy"].Value);
        Assert.Equal(204, result.Properties["StatusCode"].Value);
    }

    [Theory]
    [InlineData("Test-AppHealth http://contactsapp.sandbox/", true)]
    [InlineData("'http://contactsapp.sandbox/' | Test-AppHealth", true)]
    [InlineData("[pscustomobject]@{ Uri = 'http://contactsapp.sandbox/' } | Test-AppHealth", true)]
    [InlineData("(Test-AppHealth)[0] | Test-AppHealth", true)]
    [InlineData("Test-AppHealth http://contactsapp.sandbox/ -Tolerance 204", false)]
    public void Given_addresses_are_tested_instead(string command, bool healthy)
    {
        Assert.Equal(healthy, _engine.Invoke(command).Single().Properties["Healthy"].Value);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'contactsapp.sandbox/api'")]
    [InlineData("'ftp://contactsapp.sandbox/'")]
    public void An_address_that_is_not_whole_is_an_error(string uri)
    {
        var error = Assert.Single(_engine.Run($"Test-AppHealth {uri}").Errors);

        Assert.StartsWith("AppUriInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
