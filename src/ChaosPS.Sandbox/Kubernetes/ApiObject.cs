using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>An object of the API that is written out only if somebody wants to see it.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Namespace">Its namespace; empty for objects of the cluster.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">What label selectors see.</param>
/// <param name="Field">What field selectors see beside name and namespace; empty for a field that is not set.</param>
/// <param name="Write">Its JSON, without kind and apiVersion, as lists have their items; a new object every time.</param>
internal sealed record ApiObject(
    ResourceType Type, string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, Func<string, string> Field, Func<JsonObject> Write)
{
    /// <summary>Where it stands in a list: as etcd orders its keys.</summary>
    public string Key => Type.Namespaced ? $"{Namespace}/{Name}" : Name;

    /// <summary>A field as selectors see it.</summary>
    public string ReadField(string field) => field switch
    {
        "metadata.name" => Name,
        "metadata.namespace" => Namespace,
        _ => Field(field),
    };

    /// <summary>Its JSON with kind and apiVersion, as it stands alone.</summary>
    public JsonObject WriteAlone()
    {
        var json = Write();
        json.Insert(0, "kind", Type.Kind);
        json.Insert(1, "apiVersion", Type.ApiVersion);
        return json;
    }
}
