using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Sandbox.Kubernetes.Patches;

/// <summary>Strategic merge patch: as JSON merge patch, but lists whose items have a key merge item by item.</summary>
/// <remarks>
/// Directives: <c>$patch: replace | delete | merge</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$setElementOrder/…</c>, <c>$retainKeys</c>.
/// Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md ;
/// the keys are those that the schema has of the object's kind; lists of kinds that it does not know are replaced.
/// </remarks>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string DeleteItems = "$deleteFromPrimitiveList/";
    private const string Order = "$setElementOrder/";
    private const string RetainKeys = "$retainKeys";

    /// <summary>The object with the patch in it; neither is changed.</summary>
    /// <exception cref="StatusException">A directive is unknown, or an item of a keyed list has no key.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        return Merge(result, patch, ApiSchema.Of(target)) ?? throw StatusException.BadRequest("the patch deletes the whole object");
    }

    /// <summary>Merges in place; null when the patch says to delete the object.</summary>
    private static JsonObject? Merge(JsonObject target, JsonObject patch, ApiType? type)
    {
        switch (TextOf(patch[Directive]))
        {
            case null or "merge":
                break;
            case "delete":
                return null;
            case "replace":
                var replacement = (JsonObject)patch.DeepClone();
                replacement.Remove(Directive);
                return replacement;
            case var other:
                throw StatusException.BadRequest($"unknown patch type: {other}");
        }

        foreach (var (name, value) in patch)
        {
            if (name is Directive or RetainKeys || name.StartsWith(Order, StringComparison.Ordinal)) continue;
            if (name.StartsWith(DeleteItems, StringComparison.Ordinal)) Delete(target[name[DeleteItems.Length..]] as JsonArray, value as JsonArray);
            else MergeMember(target, name, value, type?.ByName.GetValueOrDefault(name));
        }

        if (patch[RetainKeys] is JsonArray retained)
        {
            var names = retained.Select(TextOf).ToHashSet();
            foreach (var name in target.Select(member => member.Key).Where(name => !names.Contains(name)).ToArray()) target.Remove(name);
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(Order, StringComparison.Ordinal)) Sort(target, name[Order.Length..], value as JsonArray ?? [], type?.ByName.GetValueOrDefault(name[Order.Length..])?.PatchMergeKey);
        }

        return target;
    }

    private static void MergeMember(JsonObject target, string name, JsonNode? value, ApiField? field)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject members:
                if (Merge(target[name] as JsonObject ?? [], members, field?.Type) is not { } merged) target.Remove(name);
                else if (!ReferenceEquals(merged, target[name])) target[name] = merged;
                break;
            case JsonArray items when field?.PatchMergeKey is { } key:
                MergeList(target, name, items, key, field.Type);
                break;
            case JsonArray items when field?.MergesInPatch == true && target[name] is JsonArray existing:
                foreach (var item in items)
                {
                    if (!existing.Any(known => JsonNode.DeepEquals(known, item))) existing.Add(item?.DeepClone());
                }

                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static void MergeList(JsonObject target, string name, JsonArray patches, string key, ApiType? type)
    {
        // An item that holds nothing but the directive speaks of the whole list.
        if (patches.OfType<JsonObject>().Any(item => item.Count == 1 && TextOf(item[Directive]) == "replace"))
        {
            target[name] = new JsonArray([.. patches.OfType<JsonObject>().Where(item => !item.ContainsKey(Directive)).Select(item => item.DeepClone())]);
            return;
        }

        if (target[name] is not JsonArray list) target[name] = list = [];
        foreach (var node in patches)
        {
            if (node is not JsonObject patch || patch[key] is not { } id)
            {
                throw StatusException.BadRequest($"map: {node?.ToJsonString()} does not contain declared merge key: {key}");
            }

            var at = list.Index().FirstOrDefault(entry => entry.Item is JsonObject item && JsonNode.DeepEquals(item[key], id), (Index: -1, Item: null)).Index;
            if (at < 0)
            {
                if (Merge([], patch, type) is { } added) list.Add(added);
            }
            else if (Merge((JsonObject)list[at]!, patch, type) is not { } merged)
            {
                list.RemoveAt(at);
            }
            else if (!ReferenceEquals(merged, list[at]))
            {
                list[at] = merged;
            }
        }
    }

    /// <summary>Puts the listed items of a list into the listed order, after which the others keep theirs.</summary>
    private static void Sort(JsonObject target, string name, JsonArray order, string? key)
    {
        if (target[name] is not JsonArray list) return;
        JsonNode? IdOf(JsonNode? item) => key is null ? item : (item as JsonObject)?[key];
        int Rank(JsonNode? item)
        {
            var at = order.Index().FirstOrDefault(entry => JsonNode.DeepEquals(IdOf(entry.Item), IdOf(item)), (Index: int.MaxValue, Item: null)).Index;
            return at;
        }

        target[name] = new JsonArray([.. list.OrderBy(Rank).Select(item => item?.DeepClone())]);
    }

    private static void Delete(JsonArray? list, JsonArray? values)
    {
        if (list is null || values is null) return;
        for (var at = list.Count - 1; at >= 0; at--)
        {
            if (values.Any(value => JsonNode.DeepEquals(value, list[at]))) list.RemoveAt(at);
        }
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
