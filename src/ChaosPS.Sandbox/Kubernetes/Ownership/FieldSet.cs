using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Sandbox.Kubernetes.Ownership;

/// <summary>A set of an object's fields, in the form that <c>managedFields</c> has: <c>{"f:spec":{"f:replicas":{}}}</c>.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management and structured-merge-diff's FieldsV1.</remarks>
internal sealed class FieldSet
{
    private const string Self = ".";

    private readonly SortedDictionary<string, FieldSet> _members = new(StringComparer.Ordinal);

    /// <summary>Whether it has no field.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>Reads a set as managed fields have it.</summary>
    public static FieldSet Parse(JsonObject json)
    {
        var set = new FieldSet();
        foreach (var (name, members) in json) set._members[name] = members is JsonObject inner ? Parse(inner) : new FieldSet();
        return set;
    }

    /// <summary>The set as managed fields have it.</summary>
    public JsonObject ToJson() => new(_members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value.ToJson())));

    /// <summary>The fields of both.</summary>
    public FieldSet Union(FieldSet other) => Combine(other, static (left, right) => left || right);

    /// <summary>The fields of this one that the other has not.</summary>
    public FieldSet Except(FieldSet other) => Combine(other, static (left, right) => left && !right);

    /// <summary>The fields that both have.</summary>
    public FieldSet Intersect(FieldSet other) => Combine(other, static (left, right) => left && right);

    /// <summary>Each field, as the steps from the object to it.</summary>
    public IEnumerable<string[]> Paths() => Paths([], wholeItems: false);

    /// <summary>The same, but of an item of a list that is in the set itself, the item and not its fields.</summary>
    public IEnumerable<string[]> PathsToItems() => Paths([], wholeItems: true);

    /// <summary>A path as messages have it: <c>.spec.template.spec.containers[name="api"].image</c>.</summary>
    public static string Text(IEnumerable<string> path) => string.Concat(path.Select(step => step[..2] switch
    {
        "f:" => $".{step[2..]}",
        "v:" => $"[={step[2..]}]",
        _ => $"[{string.Join(',', JsonNode.Parse(step[2..])!.AsObject().Select(key => $"{key.Key}={key.Value?.ToJsonString(FaceResponse.JsonOptions)}"))}]",
    }));

    /// <summary>What an object has at a path; null when it has nothing there.</summary>
    public static JsonNode? Find(JsonNode? json, IEnumerable<string> path)
    {
        foreach (var step in path) json = step[..2] == "f:" ? (json as JsonObject)?[step[2..]] : (json as JsonArray)?.FirstOrDefault(item => IsItem(item, step));
        return json;
    }

    /// <summary>Takes what is at a path out of an object.</summary>
    public static void Remove(JsonObject json, string[] path)
    {
        switch (Find(json, path[..^1]))
        {
            case JsonObject parent when path[^1][..2] == "f:":
                parent.Remove(path[^1][2..]);
                break;
            case JsonArray list when Find(json, path) is { } item:
                list.Remove(item);
                break;
        }
    }

    private static bool IsItem(JsonNode? item, string step)
    {
        if (step[..2] == "v:") return step == ValueName(item);
        return item is JsonObject known && JsonNode.Parse(step[2..]) is JsonObject keys && ItemName(known, keys.Select(key => key.Key)) == step;
    }

    /// <summary>What an item of a keyed list is called: <c>k:{"name":"api"}</c>. A missing protocol is TCP.</summary>
    public static string ItemName(JsonObject item, IEnumerable<string> keys)
    {
        var known = new JsonObject();
        foreach (var key in keys.Order(StringComparer.Ordinal)) known[key] = item[key]?.DeepClone() ?? (key == "protocol" ? "TCP" : null);
        return "k:" + known.ToJsonString(FaceResponse.JsonOptions);
    }

    private static string ValueName(JsonNode? value) => "v:" + (value?.ToJsonString(FaceResponse.JsonOptions) ?? "null");

    /// <summary>The fields of what is at a place.</summary>
    public static FieldSet Of(JsonNode? json, ApiPlace place)
    {
        var set = new FieldSet();
        foreach (var (step, value, inner) in Parts(json, place))
        {
            var members = Of(value, inner);
            if (step[0] == 'k' && !place.Item.IsWhole) members._members[Self] = new FieldSet();
            set._members[step] = members;
        }

        return set;
    }

    /// <summary>The fields that two do not have alike: those that the second has otherwise, or has and the first has not.</summary>
    public static FieldSet Changed(JsonNode? before, JsonNode? after, ApiPlace place)
    {
        var set = new FieldSet();
        var old = Parts(before, place).ToDictionary(part => part.Step, part => part.Value);
        foreach (var (step, value, inner) in Parts(after, place))
        {
            if (!old.TryGetValue(step, out var known))
            {
                var added = Of(value, inner);
                if (step[0] == 'k' && !place.Item.IsWhole) added._members[Self] = new FieldSet();
                set._members[step] = added;
            }
            else if (!CanonicalJson.AreEqual(known, value))
            {
                // An object that has only lost members has nothing that anybody wrote.
                var changed = Changed(known, value, inner);
                if (!changed.IsEmpty || !Parts(value, inner).Any()) set._members[step] = changed;
            }
        }

        return set;
    }

    /// <summary>The parts of a value that can belong to different people; none for a value that is one.</summary>
    private static IEnumerable<(string Step, JsonNode? Value, ApiPlace Place)> Parts(JsonNode? json, ApiPlace place) => json switch
    {
        _ when place.IsWhole => [],
        JsonObject map => map.Where(member => member.Value is not null).Select(member => ($"f:{member.Key}", member.Value, place.Member(member.Key))),
        JsonArray list when place.IsSet => list.Select(item => (ValueName(item), item, default(ApiPlace))).DistinctBy(part => part.Item1),
        JsonArray list when place.Keys is { Count: > 0 } keys =>
            list.OfType<JsonObject>().Select(item => (ItemName(item, keys), (JsonNode?)item, place.Item)).DistinctBy(part => part.Item1),
        _ => [],
    };

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> keep)
    {
        var result = new FieldSet();
        foreach (var name in _members.Keys.Union(other._members.Keys, StringComparer.Ordinal))
        {
            var left = _members.GetValueOrDefault(name);
            var right = other._members.GetValueOrDefault(name);
            var members = (left ?? new FieldSet()).Combine(right ?? new FieldSet(), keep);
            if (!members.IsEmpty || keep(left is { IsEmpty: true }, right is { IsEmpty: true })) result._members[name] = members;
        }

        return result;
    }

    private IEnumerable<string[]> Paths(string[] above, bool wholeItems)
    {
        foreach (var (name, members) in _members)
        {
            if (name == Self) continue;
            string[] path = [.. above, name];
            if (members.IsEmpty || (members._members.ContainsKey(Self) && (wholeItems || members._members.Count == 1)))
            {
                yield return path;
                continue;
            }

            foreach (var below in members.Paths(path, wholeItems)) yield return below;
        }
    }
}
