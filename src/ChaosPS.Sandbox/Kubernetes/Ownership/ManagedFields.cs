using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Sandbox.Kubernetes.Ownership;

/// <summary>Who has written which fields of an object (<c>metadata.managedFields</c>).</summary>
internal sealed class ManagedFields
{
    /// <summary>What nobody owns: what says which object it is, and what the server counts.</summary>
    private static readonly string[] s_notOwned =
    [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "selfLink", "managedFields",
    ];

    private readonly List<Entry> _entries;

    private ManagedFields(List<Entry> entries) => _entries = entries;

    /// <summary>Those of an object; none where it says nothing that can be understood.</summary>
    public static ManagedFields Of(JsonObject manifest) => new(
    [
        .. (manifest["metadata"]?["managedFields"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(entry => entry["fieldsV1"] is JsonObject)
            .Select(entry => new Entry(
                new Owner(entry["manager"]?.ToString() ?? "", entry["operation"]?.ToString() ?? "", entry["apiVersion"]?.ToString() ?? "", entry["subresource"]?.ToString() ?? ""),
                FieldSet.Parse((JsonObject)entry["fieldsV1"]!.DeepClone()), entry["time"]?.ToString())),
    ]);

    /// <summary>What of an object can be owned.</summary>
    public static JsonObject Ownable(JsonObject json)
    {
        var copy = (JsonObject)json.DeepClone();
        copy.Remove("kind");
        copy.Remove("apiVersion");
        if (copy["metadata"] is not JsonObject metadata) return copy;
        foreach (var name in s_notOwned) metadata.Remove(name);
        if (metadata.Count == 0) copy.Remove("metadata");
        return copy;
    }

    /// <summary>The fields of an owner; none when it has none.</summary>
    public FieldSet FieldsOf(Owner owner) => _entries.Find(entry => entry.Owner == owner)?.Fields ?? new FieldSet();

    /// <summary>The fields of everybody else, owner by owner.</summary>
    public IEnumerable<(Owner Owner, FieldSet Fields)> Others(Owner owner) =>
        _entries.Where(entry => entry.Owner != owner).Select(entry => (entry.Owner, entry.Fields));

    /// <summary>Somebody has written an object: what he changed is his now and nobody else's.</summary>
    public void Updated(Owner owner, JsonObject before, JsonObject after, string now)
    {
        var (old, present) = (Ownable(before), Ownable(after));
        var place = ApiPlace.Of(after);
        var changed = FieldSet.Changed(old, present, place);
        if (!changed.IsEmpty) Set(owner, FieldsOf(owner).Union(changed), now);
        Release(owner, changed);

        // What is no longer there belongs to nobody.
        var gone = FieldSet.Of(old, place).Except(FieldSet.Of(present, place));
        foreach (var entry in _entries.ToArray()) Set(entry.Owner, entry.Fields.Except(gone), entry.Time);
    }

    /// <summary>Somebody has applied an object: exactly what it says is his.</summary>
    public void Applied(Owner owner, FieldSet fields, FieldSet taken, string now)
    {
        var isSame = FieldsOf(owner).ToJson().ToJsonString() == fields.ToJson().ToJsonString();
        Set(owner, fields, isSame ? _entries.Find(entry => entry.Owner == owner)?.Time : now);
        Release(owner, taken);
    }

    /// <summary>As objects have it; null when nobody owns anything.</summary>
    public JsonArray? ToJson() => _entries.Count == 0 ? null : new JsonArray([.. _entries.Select(entry => entry.ToJson())]);

    private void Release(Owner owner, FieldSet fields)
    {
        foreach (var entry in _entries.Where(entry => entry.Owner != owner).ToArray()) Set(entry.Owner, entry.Fields.Except(fields), entry.Time);
    }

    private void Set(Owner owner, FieldSet fields, string? time)
    {
        var at = _entries.FindIndex(entry => entry.Owner == owner);
        if (fields.IsEmpty)
        {
            if (at >= 0) _entries.RemoveAt(at);
        }
        else if (at < 0)
        {
            _entries.Add(new Entry(owner, fields, time));
        }
        else
        {
            _entries[at] = new Entry(owner, fields, time);
        }
    }

    private sealed record Entry(Owner Owner, FieldSet Fields, string? Time)
    {
        public JsonObject ToJson()
        {
            var json = new JsonObject { ["manager"] = Owner.Manager, ["operation"] = Owner.Operation, ["apiVersion"] = Owner.ApiVersion };
            if (Time is not null) json["time"] = Time;
            json["fieldsType"] = "FieldsV1";
            json["fieldsV1"] = Fields.ToJson();
            if (Owner.Subresource.Length > 0) json["subresource"] = Owner.Subresource;
            return json;
        }
    }
}

/// <summary>Who owns fields.</summary>
/// <param name="Manager">His name.</param>
/// <param name="Operation"><c>Apply</c> or <c>Update</c>: one who does both is two.</param>
/// <param name="ApiVersion">The version of the object that he wrote.</param>
/// <param name="Subresource">The subresource that he wrote through; empty for the object itself.</param>
internal sealed record Owner(string Manager, string Operation, string ApiVersion, string Subresource)
{
    /// <summary>As messages say it: <c>"curl" with subresource "scale" using apps/v1</c>.</summary>
    public override string ToString() =>
        $"\"{Manager}\"{(Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "")}{(Operation == "Update" ? $" using {ApiVersion}" : "")}";
}
