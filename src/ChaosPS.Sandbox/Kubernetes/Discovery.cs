using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>What the API server says about itself: version, groups, resources, health.</summary>
internal static class Discovery
{
    /// <summary>The answer; null when the path is none of these.</summary>
    public static FaceResponse? Answer(string[] path, string version) => path switch
    {
        ["healthz" or "livez" or "readyz"] => FaceResponse.Text(HttpStatusCode.OK, "ok"),
        ["version"] => Ok(VersionInfo(version)),
        ["api"] => Ok(new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") }),
        ["api", "v1"] => Ok(Resources("", "v1")),
        ["apis"] => Ok(new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. ResourceTypes.Groups.Skip(1).Select(Group)]) }),
        ["apis", var name] when ResourceTypes.Groups.FirstOrDefault(group => group.Group == name) is { Group.Length: > 0 } group => Ok(Kind("APIGroup", Group(group))),
        ["apis", var group, var number] when ResourceTypes.Groups.Contains((group, number)) => Ok(Resources(group, number)),
        _ => null,
    };

    private static FaceResponse Ok(JsonObject json) => FaceResponse.Json(HttpStatusCode.OK, json);

    private static JsonObject VersionInfo(string version)
    {
        var numbers = version.TrimStart('v').Split('.');
        return new JsonObject
        {
            ["major"] = numbers[0],
            ["minor"] = numbers[1],
            ["gitVersion"] = version,
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "",
            ["compiler"] = "",
            ["platform"] = "linux/amd64",
        };
    }

    private static JsonObject Group((string Name, string Version) group)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group.Name}/{group.Version}", ["version"] = group.Version };
        return new JsonObject { ["name"] = group.Name, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
    }

    private static JsonObject Resources(string group, string version)
    {
        var resources = new JsonArray();
        foreach (var type in ResourceTypes.All.Where(type => type.Group == group))
        {
            resources.Add(new JsonObject
            {
                ["name"] = type.Plural,
                ["singularName"] = type.Singular,
                ["namespaced"] = type.Namespaced,
                ["kind"] = type.Kind,
                ["verbs"] = Texts(type.Verbs),
                ["shortNames"] = Texts(type.ShortNames),
            });
            foreach (var part in type.Subresources)
            {
                resources.Add(new JsonObject
                {
                    ["name"] = $"{type.Plural}/{part.Name}",
                    ["singularName"] = "",
                    ["namespaced"] = type.Namespaced,
                    ["group"] = part.Group,
                    ["version"] = part.Version,
                    ["kind"] = part.Kind,
                    ["verbs"] = Texts(part.Verbs),
                });
            }
        }

        return Kind("APIResourceList", new JsonObject
        {
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        });
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal).Select(text => (JsonNode)text)];

    private static JsonObject Kind(string kind, JsonObject json)
    {
        json.Insert(0, "kind", kind);
        json.Insert(1, "apiVersion", "v1");
        return json;
    }
}
