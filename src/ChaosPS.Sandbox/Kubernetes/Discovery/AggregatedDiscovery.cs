using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Discovery;

/// <summary>Discovery in one document for the core group and one for all others.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery .</remarks>
internal static class AggregatedDiscovery
{
    /// <summary>The core group with its resources.</summary>
    /// <param name="version">The version of the document: <c>v2</c> or <c>v2beta1</c>.</param>
    /// <param name="types">The types that are served.</param>
    public static JsonObject CoreGroup(string version, ServedTypes types) => Document(version, types, group => group.Length == 0);

    /// <summary>All other groups with their resources.</summary>
    /// <param name="version">The version of the document: <c>v2</c> or <c>v2beta1</c>.</param>
    /// <param name="types">The types that are served.</param>
    public static JsonObject NamedGroups(string version, ServedTypes types) => Document(version, types, group => group.Length > 0);

    private static JsonObject Document(string version, ServedTypes types, Func<string, bool> isIn) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. types.Groups.Where(group => isIn(group.Group)).Select(group => Group(group.Group, group.Versions, types))]),
    };

    private static JsonObject Group(string name, IReadOnlyList<string> versions, ServedTypes types)
    {
        var metadata = new JsonObject();
        if (name.Length > 0) metadata["name"] = name;
        metadata["creationTimestamp"] = null;
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. versions.Select(version => new JsonObject
            {
                ["version"] = version,
                ["resources"] = new JsonArray([.. types.All.Where(type => (type.Group, type.Version) == (name, version)).Select(Resource)]),
                ["freshness"] = "Current",
            })]),
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        var json = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Texts(type.Verbs),
        };
        if (type.ShortNames.Count > 0) json["shortNames"] = Texts(type.ShortNames);
        if (type.Categories.Count > 0) json["categories"] = Texts(type.Categories);
        if (type.Subresources.Count > 0)
        {
            json["subresources"] = new JsonArray([.. type.Subresources.Select(part => new JsonObject
            {
                ["subresource"] = part.Name,
                ["responseKind"] = (part.Group, part.Version) == (type.Group, type.Version) ? Kind(part.Kind) : Kind(part.Kind, part.Group, part.Version),
                ["verbs"] = Texts(part.Verbs),
            })]);
        }

        return json;
    }

    /// <summary>A kind; group and version are empty where they are those of the document's entry.</summary>
    private static JsonObject Kind(string kind, string group = "", string version = "") => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
