using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Kinds;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>Which objects of a type a request means: those of a namespace that its label and field selectors choose.</summary>
internal sealed class Selection
{
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;
    private readonly ObjectKind _kind;

    private Selection(ObjectKind kind, string? @namespace, LabelSelector labels, FieldSelector fields)
    {
        _kind = kind;
        Namespace = @namespace;
        _labels = labels;
        _fields = fields;
    }

    /// <summary>The namespace; null for all.</summary>
    public string? Namespace { get; }

    /// <summary>Whether it leaves nothing out.</summary>
    public bool IsWhole => _labels.Requirements.Count == 0 && _fields.IsEmpty;

    /// <summary>Reads it from a request.</summary>
    /// <exception cref="StatusException">A selector cannot be read, or asks for a field that the type does not offer.</exception>
    public static Selection Of(FaceRequest request, ResourcePath path, ObjectStore store) => new(
        store.KindOf(path.Type), path.Namespace, ParseLabels(request.Query("labelSelector")), FieldSelector.Parse(request.Query("fieldSelector"), path.Type));

    /// <summary>The objects as they are now, in the order of their keys.</summary>
    public IEnumerable<ApiObject> In(ObjectStore store, string after = "") =>
        _fields.Name is { } name && (_kind.Type.Namespaced ? Namespace : "") is { } home
            ? store.Find(_kind.Type, home, name) is { } one && string.CompareOrdinal(one.Key, after) > 0 && Matches(one) ? [one] : []
            : store.List(_kind.Type, Namespace, after).Where(Matches);

    /// <summary>Whether it chooses an object as it is now.</summary>
    public bool Matches(ApiObject item) =>
        (_labels.Requirements.Count == 0 || _labels.Matches(_kind.Labels(item))) &&
        _fields.Matches(item, field => _kind.Field(item, field));

    /// <summary>Whether it chooses an object as it was when this was written.</summary>
    public bool Matches(ApiObject item, JsonObject json) =>
        (Namespace is null || item.Namespace == Namespace) &&
        (_labels.Requirements.Count == 0 || _labels.Matches(JsonParts.Labels(json))) &&
        _fields.Matches(item, field => _kind.Field(json, field));

    private static LabelSelector ParseLabels(string? text)
    {
        try
        {
            return LabelSelector.Parse(text ?? "");
        }
        catch (ChaosException exception)
        {
            throw StatusException.BadRequest($"unable to parse requirement: {exception.Message}");
        }
    }
}
