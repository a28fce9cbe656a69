using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Kubernetes.Patches;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

public class PatchTests
{
    /// <summary>The examples of RFC 7386's appendix whose target and patch are objects.</summary>
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_merges_objects_and_replaces_everything_else(string target, string patch, string expected) =>
        AssertEqual(expected, JsonMergePatch.Apply(Object(target), Object(patch)));

    [Theory]
    [InlineData("""[{"op":"replace","path":"/a","value":2}]""", """{"a":2,"l":[1,2],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"add","path":"/l/0","value":0}]""", """{"a":1,"l":[0,1,2],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"add","path":"/l/-","value":3}]""", """{"a":1,"l":[1,2,3],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"remove","path":"/l/1"}]""", """{"a":1,"l":[1],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"replace","path":"/m~1n/x","value":9}]""", """{"a":1,"l":[1,2],"m/n":{"x":9}}""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/b"}]""", """{"b":1,"l":[1,2],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"copy","from":"/m~1n","path":"/b"}]""", """{"a":1,"b":{"x":0},"l":[1,2],"m/n":{"x":0}}""")]
    [InlineData("""[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}]""", """{"l":[1,2],"m/n":{"x":0}}""")]
    public void A_json_patch_runs_its_operations_in_order(string patch, string expected) =>
        AssertEqual(expected, JsonPatch.Apply(Object("""{"a":1,"l":[1,2],"m/n":{"x":0}}"""), JsonNode.Parse(patch)!.AsArray()));

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/none"}]""")]
    [InlineData("""[{"op":"replace","path":"/none","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/7","value":1}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a/b","value":1}]""")]
    [InlineData("""[{"op":"sing","path":"/a"}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"remove","path":""}]""")]
    [InlineData("""[{"op":1,"path":[]}]""")]
    [InlineData("""[7]""")]
    public void A_json_patch_that_does_not_apply_is_refused(string patch)
    {
        var target = Object("""{"a":1,"l":[1,2]}""");
        Assert.Throws<StatusException>(() => JsonPatch.Apply(target, JsonNode.Parse(patch)!.AsArray()));
        AssertEqual("""{"a":1,"l":[1,2]}""", target);
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"b","image":"2"}]}""", """{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}],"hostname":"x"}""")]
    [InlineData("""{"containers":[{"name":"c","image":"3"}]}""", """{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"},{"name":"c","image":"3"}],"hostname":"x"}""")]
    [InlineData("""{"containers":[{"name":"a","$patch":"delete"}]}""", """{"containers":[{"name":"b","image":"1"}],"hostname":"x"}""")]
    [InlineData("""{"containers":[{"name":"z","image":"9"},{"$patch":"replace"}]}""", """{"containers":[{"name":"z","image":"9"}],"hostname":"x"}""")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}""", """{"containers":[{"name":"b","image":"1"},{"name":"a","image":"1"}],"hostname":"x"}""")]
    [InlineData("""{"containers":[{"name":"a","args":["z"]}]}""", """{"containers":[{"name":"a","image":"1","args":["z"]},{"name":"b","image":"1"}],"hostname":"x"}""")]
    [InlineData("""{"$retainKeys":["hostname"],"hostname":"y"}""", """{"hostname":"y"}""")]
    [InlineData("""{"$patch":"replace","hostname":"y"}""", """{"hostname":"y"}""")]
    [InlineData("""{"containers":null}""", """{"hostname":"x"}""")]
    public void A_strategic_merge_patch_merges_lists_by_their_keys(string patch, string expected)
    {
        var pod = Object("""{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}],"hostname":"x"}}""");
        var patched = StrategicMergePatch.Apply(pod, new JsonObject { ["spec"] = JsonNode.Parse(patch) });
        AssertEqual(expected, patched["spec"]!.AsObject());
    }

    [Theory]
    [InlineData("""{"kind":"Pod","apiVersion":"v1","metadata":{"finalizers":["f"]}}""", """{"metadata":{"finalizers":["g","f"]}}""", """["f","g"]""", "metadata", "finalizers")]
    [InlineData("""{"kind":"Pod","apiVersion":"v1","metadata":{"finalizers":["f"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["f"]}}""", "[]", "metadata", "finalizers")]
    [InlineData("""{"kind":"Service","apiVersion":"v1","spec":{"ports":[{"port":80,"name":"a"}]}}""", """{"spec":{"ports":[{"port":80,"name":"b"},{"port":81}]}}""", """[{"port":80,"name":"b"},{"port":81}]""", "spec", "ports")]
    [InlineData("""{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","spec":{"rules":[{"host":"a"}]}}""", """{"spec":{"rules":[{"host":"b"}]}}""", """[{"host":"b"}]""", "spec", "rules")]
    [InlineData("""{"kind":"Unknown","apiVersion":"v1","spec":{"containers":[{"name":"a"}]}}""", """{"spec":{"containers":[{"name":"b"}]}}""", """[{"name":"b"}]""", "spec", "containers")]
    public void Each_list_merges_as_its_type_says(string target, string patch, string expected, string member, string list) =>
        Assert.Equal(expected, StrategicMergePatch.Apply(Object(target), Object(patch))[member]![list]!.ToJsonString());

    [Fact]
    public void An_item_without_its_key_is_refused() => Assert.Throws<StatusException>(() =>
        StrategicMergePatch.Apply(Object("""{"kind":"Pod","apiVersion":"v1"}"""), Object("""{"spec":{"containers":[{"image":"1"}]}}""")));

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static void AssertEqual(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual.ToJsonString()}");
}
