using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Sandbox.Kubernetes.Ownership;

/// <summary>Server-side apply: an object gets the fields that its owner wants it to have, loses those that he no longer does, and keeps all others.</summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ .</remarks>
internal static class ServerSideApply
{
    /// <summary>The object after it; the given ones are not changed.</summary>
    /// <param name="current">The object as it is.</param>
    /// <param name="applied">What is to be in it.</param>
    /// <param name="owner">Who applies.</param>
    /// <param name="force">Takes fields that others say otherwise, instead of refusing.</param>
    /// <param name="now">The time, as the API writes it.</param>
    /// <exception cref="StatusException">409: others say otherwise.</exception>
    public static JsonObject Apply(JsonObject current, JsonObject applied, Owner owner, bool force, string now)
    {
        var wanted = ManagedFields.Ownable(applied);
        var place = ApiPlace.Of(current);
        var fields = FieldSet.Of(wanted, place);
        var managed = ManagedFields.Of(current);
        var taken = new FieldSet();
        List<(string Manager, string Field)> conflicts = [];
        foreach (var (other, theirs) in managed.Others(owner))
        {
            foreach (var path in theirs.Intersect(fields).Paths())
            {
                if (CanonicalJson.AreEqual(FieldSet.Find(current, path), FieldSet.Find(wanted, path))) continue;
                conflicts.Add((other.ToString(), FieldSet.Text(path)));
                taken = taken.Union(SetOf(path));
            }
        }

        if (conflicts.Count > 0 && !force) throw StatusException.ApplyConflict(conflicts);

        var result = (JsonObject)current.DeepClone();
        var dropped = managed.FieldsOf(owner).Except(fields);
        foreach (var (_, theirs) in managed.Others(owner)) dropped = dropped.Except(theirs);
        foreach (var path in dropped.PathsToItems()) FieldSet.Remove(result, path);
        Merge(result, wanted, place);
        managed.Applied(owner, fields, taken, now);
        result["metadata"]!["managedFields"] = managed.ToJson();
        return result;
    }

    private static FieldSet SetOf(string[] path)
    {
        var json = new JsonObject();
        foreach (var step in path.Reverse()) json = new JsonObject { [step] = json };
        return FieldSet.Parse(json);
    }

    private static void Merge(JsonObject target, JsonObject wanted, ApiPlace place)
    {
        foreach (var (name, value) in wanted)
        {
            var member = place.Member(name);
            switch (value)
            {
                case null:
                    break;
                case JsonObject members when target[name] is JsonObject existing && !member.IsWhole:
                    Merge(existing, members, member);
                    break;
                case JsonArray items when target[name] is JsonArray existing && member.Keys.Count > 0:
                    Merge(existing, items, member);
                    break;
                case JsonArray items when target[name] is JsonArray existing && member.IsSet:
                    foreach (var item in items.Where(item => !existing.Any(known => CanonicalJson.AreEqual(known, item))).ToArray()) existing.Add(item?.DeepClone());
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    private static void Merge(JsonArray target, JsonArray wanted, ApiPlace place)
    {
        foreach (var item in wanted.OfType<JsonObject>())
        {
            var name = FieldSet.ItemName(item, place.Keys);
            if (target.OfType<JsonObject>().FirstOrDefault(known => FieldSet.ItemName(known, place.Keys) == name) is not { } existing) target.Add(item.DeepClone());
            else if (place.Item.IsWhole) target[target.IndexOf(existing)] = item.DeepClone();
            else Merge(existing, item, place.Item);
        }
    }
}
