using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kql;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Sandbox.Tests.Kql;

public class KqlTests
{
    private static readonly string[] s_columns = ["name", "type", "resourceGroup", "tags", "properties", "zones"];

    private static readonly JsonObject[] s_rows =
    [
        Row("""{ "name": "aks-pool1-vmss", "type": "microsoft.compute/virtualmachinescalesets", "resourceGroup": "mc_a", "tags": { "env": "Prod", "cost-center": "7" }, "properties": { "capacity": 3 }, "zones": ["1", "2"] }"""),
        Row("""{ "name": "aks-pool2-vmss", "type": "microsoft.compute/virtualmachinescalesets", "resourceGroup": "MC_B", "tags": null, "properties": { "capacity": 5 }, "zones": [] }"""),
        Row("""{ "name": "Web", "type": "microsoft.compute/virtualmachines", "resourceGroup": "web", "tags": {}, "properties": {}, "zones": ["3"] }"""),
    ];

    [Theory]
    [InlineData("name == 'Web'", "Web")]
    [InlineData("name == 'web'", "")]
    [InlineData("name =~ 'WEB'", "Web")]
    [InlineData("name != 'Web'", "aks-pool1-vmss aks-pool2-vmss")]
    [InlineData("name !~ 'wEb'", "aks-pool1-vmss aks-pool2-vmss")]
    [InlineData("resourceGroup in ('mc_b', 'web')", "Web")]
    [InlineData("resourceGroup in~ ('mc_b', \"web\")", "aks-pool2-vmss Web")]
    [InlineData("resourceGroup !in~ ('mc_b', 'web')", "aks-pool1-vmss")]
    [InlineData("name contains 'POOL'", "aks-pool1-vmss aks-pool2-vmss")]
    [InlineData("name !contains 'pool'", "Web")]
    [InlineData("name contains_cs 'POOL'", "")]
    [InlineData("name startswith 'AKS'", "aks-pool1-vmss aks-pool2-vmss")]
    [InlineData("name endswith 'b'", "Web")]
    [InlineData("name startswith 'aks' and not(name contains '2')", "aks-pool1-vmss")]
    [InlineData("name == 'Web' or name == 'aks-pool1-vmss' and resourceGroup == 'none'", "Web")]
    [InlineData("(name == 'Web' or name == 'aks-pool1-vmss') and resourceGroup == 'none'", "")]
    [InlineData("tags.env == 'Prod'", "aks-pool1-vmss")]
    [InlineData("tags['cost-center'] == '7'", "aks-pool1-vmss")]
    [InlineData("properties.capacity == 5", "aks-pool2-vmss")]
    [InlineData("zones[0] == '3'", "Web")]
    [InlineData("tags.missing == ''", "aks-pool1-vmss aks-pool2-vmss Web")]
    [InlineData("name == @'Web' // which one\n", "Web")]
    [InlineData("resourceGroup=~'mc_a' and name=~'AKS-pool1-vmss'", "aks-pool1-vmss")]
    public void Where_keeps_the_rows_that_meet_the_condition(string condition, string expected) =>
        Assert.Equal(expected, Names(Run($"Resources | where {condition}")));

    [Fact]
    public void The_fragments_of_chaos_toolkit_follow_its_own_where() =>
        Assert.Equal("aks-pool1-vmss", Names(Run("Resources | where type=~'Microsoft.Compute/virtualMachineScaleSets'| where resourceGroup=~'MC_A' and name=~'aks-pool1-vmss'")));

    [Fact]
    public void Take_and_limit_keep_the_first_rows()
    {
        Assert.Equal("aks-pool1-vmss aks-pool2-vmss", Names(Run("Resources | take 2")));
        Assert.Equal("aks-pool1-vmss", Names(Run("resources | limit 1")));
    }

    [Fact]
    public void Sample_draws_rows_from_the_given_chance()
    {
        Assert.Single(Run("Resources | sample 1"));
        Assert.Equal(3, Run("Resources | sample 10").Count);
        var drawn = Enumerable.Range(0, 30).Select(seed => Names(Run("Resources | sample 1", seed))).Distinct().Count();
        Assert.Equal(3, drawn);
    }

    [Fact]
    public void Project_keeps_renames_and_flattens_columns()
    {
        var row = Run("Resources | project name, group=resourceGroup, properties.capacity | where group == 'mc_a'").Single();
        Assert.Equal("""{"name":"aks-pool1-vmss","group":"mc_a","properties_capacity":3}""", row.ToJsonString());
    }

    [Theory]
    [InlineData("", 1, 1, "Resources")]
    [InlineData("Tables | take 1", 1, 1, "Tables")]
    [InlineData("Resources | summarize count()", 1, 13, "summarize")]
    [InlineData("Resources | where name = 'x'", 1, 24, "=")]
    [InlineData("Resources\n| where nme == 'x'", 2, 9, "nme")]
    [InlineData("Resources | where tolower(name) == 'x'", 1, 19, "tolower")]
    [InlineData("Resources | where name has 'x'", 1, 24, "has")]
    [InlineData("Resources | where name == 'x", 1, 27, "no end")]
    [InlineData("Resources | where (name == 'x'", 1, 31, "the end")]
    [InlineData("Resources | take many", 1, 18, "many")]
    [InlineData("Resources | where name == 'x' ; drop", 1, 31, ";")]
    [InlineData("Resources | project name | where type == 'x'", 1, 34, "type")]
    [InlineData("Resources | where name matches regex 'x'", 1, 24, "matches")]
    [InlineData("Resources § take 1", 1, 11, "§")]
    public void Anything_else_is_refused_by_name_and_place(string query, int line, int column, string named)
    {
        var refusal = Assert.Throws<KqlException>(() => Run(query));
        Assert.Equal((line, column), (refusal.Token.Line, refusal.Token.Column));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_instead_of_exhausting_the_stack()
    {
        var query = $"Resources | where {new string('(', 100_000)}name == 'x'";
        Assert.Contains("nested", Assert.Throws<KqlException>(() => Run(query)).Message, StringComparison.Ordinal);
        Assert.Equal("Web", Names(Run($"Resources | where {string.Join(" or ", Enumerable.Repeat("name == 'Web'", 20_000))}")));
    }

    [Property(MaxTest = 1000)]
    public Property No_text_throws_anything_but_the_reader_s_own_error()
    {
        var pieces = Gen.Elements(
            "Resources", "|", "where", "project", "take", "sample", "name", "type", "tags", "==", "=~", "!~", "in", "in~", "!in", "contains", "startswith",
            "and", "or", "not", "(", ")", "[", "]", ",", ".", "'x'", "\"", "'", "1", "1.5", "99999999999999", "@'", "\\", "\n", "//", "!", "~", "=", "é", "\0");
        var queries = Gen.ArrayOf(pieces).Select(words => "Resources | where " + string.Join(' ', words));
        return Prop.ForAll(queries.ToArbitrary(), IsReadOrRefused);
    }

    [Property(MaxTest = 1000)]
    public bool No_string_throws_anything_but_the_reader_s_own_error(string? query) => IsReadOrRefused(query ?? "");

    [Property]
    public bool Any_text_can_be_looked_for(NonNull<string> text)
    {
        var value = text.Get.ReplaceLineEndings("").Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        var literal = "'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
        JsonObject[] rows = [new JsonObject { ["name"] = value }];
        return KqlParser.Parse($"Resources | where name == {literal}", "Resources", s_columns).Run(rows, new System.Random(1)).Count == 1;
    }

    private static bool IsReadOrRefused(string query)
    {
        try
        {
            Run(query);
        }
        catch (KqlException)
        {
        }

        return true;
    }

    private static IReadOnlyList<JsonObject> Run(string query, int seed = 1) =>
        KqlParser.Parse(query, "Resources", s_columns).Run(s_rows, new System.Random(seed));

    private static string Names(IReadOnlyList<JsonObject> rows) => string.Join(' ', rows.Select(row => (string)row["name"]!));

    private static JsonObject Row(string json) => JsonNode.Parse(json)!.AsObject();
}
