using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Discovery;

/// <summary>The documents of discovery step by step: versions, groups, and the resources of each group.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api .</remarks>
internal static class LegacyDiscovery
{
    /// <summary>The versions of the core group.</summary>
    /// <param name="server">Where the server is reached: host and port.</param>
    public static JsonObject Versions(string server) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = server }),
    };

    /// <summary>All groups beside the core group.</summary>
    public static JsonObject Groups(ServedTypes types) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. types.Groups.Where(group => group.Group.Length > 0).Select(Describe)]),
    };

    /// <summary>One group; null when there is none of that name.</summary>
    public static JsonObject? Group(string name, ServedTypes types)
    {
        var group = types.Groups.FirstOrDefault(group => group.Group == name);
        if (group.Group is not { Length: > 0 }) return null;
        var json = Describe(group);
        json.Insert(0, "kind", "APIGroup");
        json.Insert(1, "apiVersion", "v1");
        return json;
    }

    /// <summary>The resources of a group; null when there is no such group and version.</summary>
    public static JsonObject? Resources(string group, string version, ServedTypes types)
    {
        if (!types.Has(group, version)) return null;
        var resources = types.All.Where(type => (type.Group, type.Version) == (group, version)).SelectMany(Entries);
        var json = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0) json["apiVersion"] = "v1";
        json["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        json["resources"] = new JsonArray([.. resources]);
        return json;
    }

    private static JsonObject Describe((string Name, IReadOnlyList<string> Versions) group)
    {
        JsonObject[] versions = [.. group.Versions.Select(version => new JsonObject { ["groupVersion"] = $"{group.Name}/{version}", ["version"] = version })];
        return new JsonObject { ["name"] = group.Name, ["versions"] = new JsonArray([.. versions]), ["preferredVersion"] = versions[0].DeepClone() };
    }

    private static IEnumerable<JsonObject> Entries(ResourceType type)
    {
        var entry = new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Texts(type.Verbs),
        };
        if (type.ShortNames.Count > 0) entry["shortNames"] = Texts(type.ShortNames);
        if (type.Categories.Count > 0) entry["categories"] = Texts(type.Categories);
        yield return entry;

        foreach (var part in type.Subresources)
        {
            var subresource = new JsonObject { ["name"] = $"{type.Plural}/{part.Name}", ["singularName"] = "", ["namespaced"] = type.Namespaced };
            if ((part.Group, part.Version) != (type.Group, type.Version))
            {
                subresource["group"] = part.Group;
                subresource["version"] = part.Version;
            }

            subresource["kind"] = part.Kind;
            subresource["verbs"] = Texts(part.Verbs);
            yield return subresource;
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
