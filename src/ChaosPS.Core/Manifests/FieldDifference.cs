using System.Text.Json.Nodes;
using ChaosPS.Ports;

namespace ChaosPS.Manifests;

/// <summary>Finds the fields in which two objects differ.</summary>
internal sealed class FieldDifference
{
    /// <summary>What people usually write behind a field.</summary>
    private static readonly Dictionary<string, string[]> s_order = new(StringComparer.Ordinal)
    {
        ["replicas"] = ["selector", "strategy", "updateStrategy", "template", "minReadySeconds", "revisionHistoryLimit", "serviceName", "podManagementPolicy"],
        ["strategy"] = ["template"],
        ["updateStrategy"] = ["template", "volumeClaimTemplates"],
        ["affinity"] = ["containers", "initContainers"],
        ["tolerations"] = ["containers", "initContainers"],
        ["topologySpreadConstraints"] = ["containers", "initContainers"],
        ["minAvailable"] = ["selector"],
        ["maxUnavailable"] = ["selector"],
    };

    private readonly int _document;
    private readonly List<FieldEdit> _edits = [];

    private FieldDifference(int document) => _document = document;

    /// <summary>The changes that make one value of another.</summary>
    /// <param name="document">The number of the document.</param>
    /// <param name="path">Where in it the value is.</param>
    /// <param name="before">The value as it is.</param>
    /// <param name="after">The value as it is to be.</param>
    public static IReadOnlyList<FieldEdit> Of(int document, IReadOnlyList<object> path, JsonNode? before, JsonNode? after)
    {
        var difference = new FieldDifference(document);
        difference.Compare([.. path], before, after);
        return difference._edits;
    }

    private void Compare(object[] path, JsonNode? before, JsonNode? after)
    {
        if (Same(before, after)) return;
        switch (before, after)
        {
            case (JsonObject { Count: > 0 } left, JsonObject { Count: > 0 } right) when left.Any(member => right.ContainsKey(member.Key)):
                foreach (var (name, _) in left)
                {
                    if (!right.ContainsKey(name)) Add(FieldEditKind.Remove, [.. path, name], null);
                }

                foreach (var (name, value) in right)
                {
                    if (left.TryGetPropertyValue(name, out var old)) Compare([.. path, name], old, value);
                    else Add(FieldEditKind.Set, [.. path, name], value);
                }

                break;
            case (JsonArray { Count: > 0 } left, JsonArray { Count: > 0 } right):
                CompareItems(path, left, right);
                break;
            default:
                Add(FieldEditKind.Set, path, after);
                break;
        }
    }

    /// <summary>Items that both lists have stay where they are; what stands between them is changed, taken away, put in.</summary>
    private void CompareItems(object[] path, JsonArray before, JsonArray after)
    {
        var common = Common(before, after);
        var (left, right) = (0, 0);
        foreach (var (nextLeft, nextRight) in common.Append((before.Count, after.Count)))
        {
            var removesAll = common.Count == 0 && after.Count == 0;
            while (left < nextLeft && right < nextRight && !removesAll) Compare([.. path, left], before[left++], after[right++]);
            while (left < nextLeft) Add(FieldEditKind.Remove, [.. path, left++], null);
            while (right < nextRight) Add(FieldEditKind.Insert, [.. path, nextLeft], after[right++]);
            (left, right) = (nextLeft + 1, nextRight + 1);
        }
    }

    /// <summary>The longest sequence of items that both have, in order.</summary>
    private static List<(int Left, int Right)> Common(JsonArray before, JsonArray after)
    {
        var lengths = new int[before.Count + 1, after.Count + 1];
        for (var left = before.Count - 1; left >= 0; left--)
        {
            for (var right = after.Count - 1; right >= 0; right--)
                lengths[left, right] = Same(before[left], after[right]) ? lengths[left + 1, right + 1] + 1 : Math.Max(lengths[left + 1, right], lengths[left, right + 1]);
        }

        var pairs = new List<(int, int)>();
        for (int left = 0, right = 0; left < before.Count && right < after.Count;)
        {
            if (Same(before[left], after[right])) pairs.Add((left++, right++));
            else if (lengths[left + 1, right] >= lengths[left, right + 1]) left++;
            else right++;
        }

        return pairs;
    }

    private void Add(FieldEditKind kind, object[] path, JsonNode? value) =>
        _edits.Add(new FieldEdit(kind, _document, path, value?.DeepClone()) { InFrontOf = path[^1] is string name ? s_order.GetValueOrDefault(name, []) : [] });

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
