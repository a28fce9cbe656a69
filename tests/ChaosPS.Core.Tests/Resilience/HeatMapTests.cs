using System.Xml.Linq;
using ChaosPS.Clusters;
using ChaosPS.Core.Tests.Simulation;
using ChaosPS.Reporting;
using ChaosPS.Resilience;

namespace ChaosPS.Core.Tests.Resilience;

/// <summary>The heat map of losses, in the terminal and as a file.</summary>
public sealed class HeatMapTests
{
    private static IReadOnlyList<NodeLossPrediction> Predictions(int nodes = 3, Func<ClusterSnapshot, ClusterSnapshot>? configure = null)
    {
        var cluster = TestCluster.WithNodes(nodes, static i => $"westeurope-{(i % 3) + 1}").AddDeployment("spread", ["node0", "node1"]).AddDeployment("alone", ["node2"]);
        for (var node = 3; node < nodes; node++) cluster = cluster.AddDeployment($"one{node}", [$"node{node}"]);
        var snapshot = cluster.TakeSnapshot();
        snapshot = configure?.Invoke(snapshot) ?? snapshot;
        return new NodeLossPredictor(snapshot, new PredictionOptions { Runs = 2 }).Predict(NodeLoss.OfEach(snapshot.Nodes), null, default);
    }

    [Fact]
    public void Losses_that_are_the_same_for_all_workloads_are_one_column_and_each_level_has_a_sign_of_its_own()
    {
        var map = new NodeLossMap(Predictions());

        Assert.Equal([["node0", "node1"], ["node2"]], map.Columns.Select(static losses => losses.Select(static loss => loss.Name).ToArray()));
        Assert.Equal("-.", map.DescribeRow("Deployment", TestCluster.Namespace, "spread", "").Strip);
        Assert.Equal(".#", map.DescribeRow("Deployment", TestCluster.Namespace, "alone", "6 min").Strip);
        Assert.Equal(5, Enum.GetValues<LossLevel>().Select(NodeLossMap.Symbol).Distinct().Count());
    }

    [Fact]
    public void A_large_map_shows_its_worst_columns_within_120_characters()
    {
        var map = new NodeLossMap(Predictions(90));

        var head = map.DescribeColumns().Split('\n');
        Assert.All(head, static line => Assert.InRange(line.Length, 0, 120));
        Assert.Contains(head, static line => line.Contains("60 worst of 89 columns", StringComparison.Ordinal));
        Assert.Contains(head, static line => line.Contains("# down longer", StringComparison.Ordinal));
        var row = map.DescribeRow("Deployment", TestCluster.Namespace, "one3", "12 min 30 s");
        Assert.InRange(row.Head.Length + row.Strip.Length, 60, 120);
        Assert.Equal(head[^1].Length, row.Head.Length + row.Strip.Length);
    }

    [Fact]
    public void The_file_is_well_formed_escapes_names_and_refers_to_nothing_outside()
    {
        const string Hostile = "<script>\"&'x</script>";
        var html = NodeLossReport.Write(Predictions(configure: static snapshot => snapshot with { Cluster = snapshot.Cluster with { Name = Hostile } }));

        var document = XDocument.Parse(html["<!DOCTYPE html>\n".Length..]);
        Assert.Contains(Hostile, document.Descendants("h1").Single().Value, StringComparison.Ordinal);
        Assert.Empty(document.Descendants("script"));
        Assert.DoesNotContain(document.Descendants().Attributes(), static attribute => attribute.Name.LocalName is "src" or "href");
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.Equal(2, document.Descendants("tbody").Single().Elements("tr").Count());
        var cell = document.Descendants("td").Single(static cell => (string?)cell.Attribute("class") == "down");
        Assert.Equal("#", cell.Value);
        Assert.StartsWith($"{TestCluster.Namespace}/alone without node2: down 3", (string?)cell.Attribute("title"), StringComparison.Ordinal);
        Assert.Equal(5, document.Descendants("ul").Single().Elements("li").Count());
    }

    [Fact]
    public void A_file_of_many_nodes_has_the_worst_and_says_so()
    {
        var html = NodeLossReport.Write(Predictions(230));

        Assert.Contains("Of 229 columns the 200 worst are shown.", html, StringComparison.Ordinal);
        Assert.Equal(202, XDocument.Parse(html["<!DOCTYPE html>\n".Length..]).Descendants("thead").Single().Descendants("th").Count());
    }
}
