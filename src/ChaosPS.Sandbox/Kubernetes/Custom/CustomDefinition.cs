using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.Custom;

/// <summary>What the manifest of a CustomResourceDefinition, whose form has been checked, says of its kind.</summary>
/// <param name="manifest">The manifest.</param>
internal sealed class CustomDefinition(JsonObject manifest)
{
    private readonly JsonObject _spec = manifest["spec"]!.AsObject();

    /// <summary>The name: plural and group.</summary>
    public string Name => (string)manifest["metadata"]!["name"]!;

    /// <summary>The group.</summary>
    public string Group => _spec.Text("group");

    /// <summary>The kind.</summary>
    public string Kind => _spec.Text("names.kind");

    /// <summary>The name in paths.</summary>
    public string Plural => _spec.Text("names.plural");

    /// <summary>Whether its objects are in namespaces.</summary>
    public bool Namespaced => _spec.Text("scope") == "Namespaced";

    /// <summary>The versions, served or not.</summary>
    public IEnumerable<JsonObject> Versions => _spec["versions"]!.AsArray().OfType<JsonObject>();

    /// <summary>The version that objects are kept in.</summary>
    public string StorageVersion => Versions.First(version => IsTrue(version, "storage")).Text("name");

    /// <summary>The type that objects are kept as, in whatever version they are written and read.</summary>
    public ResourceType MakeStorage() => new(Group, StorageVersion, Kind, Plural, Namespaced) { Definition = this };

    /// <summary>A type for each version that is served.</summary>
    /// <param name="storage">The type that objects are kept as.</param>
    public IReadOnlyList<ResourceType> MakeServed(ResourceType storage)
    {
        return [.. Versions.Where(version => IsTrue(version, "served")).Select(Make)];

        ResourceType Make(JsonObject version)
        {
            var name = version.Text("name");
            return new ResourceType(Group, name, Kind, Plural, Namespaced)
            {
                Definition = this,
                Storage = storage,
                Singular = _spec.Text("names.singular"),
                ShortNames = Texts("names.shortNames"),
                Categories = Texts("names.categories"),
                Subresources = version.Find("subresources.status") is JsonObject ? [new Subresource("status", Kind, Group, name, ["get", "patch", "update"])] : [],
            };
        }
    }

    /// <summary>The schema of a version, as the definition has it.</summary>
    public JsonObject Schema(string version) =>
        (JsonObject)Versions.First(known => known.Text("name") == version).Find("schema.openAPIV3Schema")!.DeepClone();

    private string[] Texts(string path) => [.. (_spec.Find(path) as JsonArray ?? []).Select(text => (string)text!)];

    private static bool IsTrue(JsonObject json, string name) => (bool?)json[name] is true;
}
