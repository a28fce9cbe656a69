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
        ["api"] => Ok(new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray(ResourceType.Version) }),
        ["api", ResourceType.Version] => Ok(Resources("")),
        ["apis"] => Ok(new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. ResourceType.Groups.Select(Group)]) }),
        ["apis", var group] when ResourceType.Groups.Contains(group) => Ok(Kind("APIGroup", Group(group))),
        ["apis", var group, ResourceType.Version] when ResourceType.Groups.Contains(group) => Ok(Resources(group)),
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

    private static JsonObject Group(string name)
    {
        var version = new JsonObject { ["groupVersion"] = $"{name}/{ResourceType.Version}", ["version"] = ResourceType.Version };
        return new JsonObject { ["name"] = name, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
    }

    private static JsonObject Resources(string group)
    {
        var resources = new JsonArray();
        foreach (var type in ResourceType.All.Where(type => type.Group == group))
        {
            resources.Add(new JsonObject
            {
                ["name"] = type.Plural,
                ["singularName"] = type.Kind.ToLowerInvariant(),
                ["namespaced"] = type.Namespaced,
                ["kind"] = type.Kind,
                ["verbs"] = Texts([.. type.Writes, "get", "list"]),
                ["shortNames"] = Texts(type.ShortNames),
            });
            if (type.Kind == "Deployment")
            {
                resources.Add(new JsonObject
                {
                    ["name"] = "deployments/scale",
                    ["singularName"] = "",
                    ["namespaced"] = true,
                    ["group"] = "autoscaling",
                    ["version"] = "v1",
                    ["kind"] = "Scale",
                    ["verbs"] = Texts(["get", "patch", "update"]),
                });
            }
        }

        return Kind("APIResourceList", new JsonObject
        {
            ["groupVersion"] = group.Length == 0 ? ResourceType.Version : $"{group}/{ResourceType.Version}",
            ["resources"] = resources,
        });
    }

    private static JsonArray Texts(string[] texts) => [.. texts.Order(StringComparer.Ordinal).Select(text => (JsonNode)text)];

    private static JsonObject Kind(string kind, JsonObject json)
    {
        json.Insert(0, "kind", kind);
        json.Insert(1, "apiVersion", "v1");
        return json;
    }
}
