using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Tests.Replay;

/// <summary>Writes what watches tell as the recordings do: a line a change, with the fields that they have.</summary>
internal sealed class TimelineWriter
{
    private static readonly JsonSerializerOptions s_spaced = new() { WriteIndented = false };

    private readonly Dictionary<(string Kind, string Name), SortedDictionary<string, JsonNode>> _known = [];

    /// <summary>The lines.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Takes an object as it is, without writing anything.</summary>
    public void Know(string kind, JsonObject item) => _known[(kind, Name(item))] = Fields(kind, item);

    /// <summary>Writes one event of a watch.</summary>
    public void Write(DateTimeOffset time, string kind, string type, JsonObject item)
    {
        var at = time.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (kind == "event")
        {
            if (type != "DELETED") Lines.Add($"{at} event       {Event(item)}");
            return;
        }

        var key = (kind, Name(item));
        var fields = Fields(kind, item);
        var before = _known.GetValueOrDefault(key) ?? [];
        var prefix = $"{at} {kind,-11} {key.Item2}";
        if (type == "DELETED")
        {
            Lines.Add($"{prefix} DELETED");
            _known.Remove(key);
            return;
        }

        _known[key] = fields;
        if (type == "ADDED")
        {
            Lines.Add($"{prefix} ADDED {Text(new JsonObject(fields.Where(static field => !IsEmpty(field.Value)).Select(static field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.DeepClone()))))}");
            return;
        }

        var changes = string.Concat(before.Keys.Union(fields.Keys).Order(StringComparer.Ordinal)
            .Where(field => !JsonNode.DeepEquals(before.GetValueOrDefault(field), fields.GetValueOrDefault(field)))
            .Select(field => $" {field}: {Text(before.GetValueOrDefault(field))} -> {Text(fields.GetValueOrDefault(field))};"));
        if (changes.Length > 0) Lines.Add($"{prefix}{changes}");
    }

    private static bool IsEmpty(JsonNode value) => value is JsonArray { Count: 0 };

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;

    private static string Event(JsonObject item)
    {
        var about = item["involvedObject"]!;
        var source = (string?)item["source"]?["component"] ?? (string?)item["reportingComponent"];
        return $"{about["kind"]}/{about["name"]} {item["type"]} {item["reason"]} x{item["count"]?.ToJsonString() ?? "None"} from={source}: {item["message"]}";
    }

    private static SortedDictionary<string, JsonNode> Fields(string kind, JsonObject item)
    {
        SortedDictionary<string, JsonNode> fields = new(StringComparer.Ordinal);
        var (spec, status) = (item["spec"] as JsonObject ?? [], item["status"] as JsonObject ?? []);
        switch (kind)
        {
            case "node":
                Conditions();
                fields["taints"] = new JsonArray([.. (spec["taints"] as JsonArray ?? []).Select(static taint =>
                    $"{taint!["key"]}:{taint["effect"]}{(taint["timeAdded"] is { } added ? $"@{added}" : "")}").Order(StringComparer.Ordinal).Select(static text => (JsonNode)text)]);
                Put("unschedulable", spec["unschedulable"]);
                break;
            case "pod":
                Conditions();
                Put("node", spec["nodeName"]);
                Put("phase", status["phase"]);
                var containers = status["containerStatuses"] as JsonArray ?? [];
                fields["containersReady"] = new JsonArray([.. containers.Select(static container => container!["ready"]!.DeepClone())]);
                fields["restarts"] = new JsonArray([.. containers.Select(static container => container!["restartCount"]!.DeepClone())]);
                if (item["metadata"]!["deletionTimestamp"] is { } deletion) fields["deletion"] = new JsonArray(deletion.DeepClone(), item["metadata"]!["deletionGracePeriodSeconds"]!.DeepClone());
                break;
            case "deploy" or "rs":
                Put("spec.replicas", spec["replicas"]);
                foreach (var count in new[] { "replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "unavailableReplicas", "observedGeneration" }) Put(count, status[count]);
                Conditions();
                break;
            case "pdb":
                foreach (var count in new[] { "currentHealthy", "desiredHealthy", "expectedPods", "disruptionsAllowed" }) Put(count, status[count]);
                Put("disruptedPods", status["disruptedPods"]);
                break;
            case "epslice":
                fields["eps"] = new JsonArray([.. (item["endpoints"] as JsonArray ?? []).Select(static endpoint =>
                    $"{endpoint!["targetRef"]!["name"]} r={Flag(endpoint, "ready")} s={Flag(endpoint, "serving")} t={Flag(endpoint, "terminating")}")
                    .Order(StringComparer.Ordinal).Select(static text => (JsonNode)text)]);
                break;
        }

        return fields;

        void Put(string field, JsonNode? value)
        {
            if (value is not null) fields[field] = value.DeepClone();
        }

        void Conditions()
        {
            foreach (var condition in (status["conditions"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if ((kind, (string)condition["type"]!) is ("node", "NetworkUnavailable")) continue;
                fields[$"cond.{condition["type"]}"] = new JsonArray((string)condition["status"]!, (string?)condition["reason"] ?? "", (string?)condition["lastTransitionTime"]);
            }
        }
    }

    private static string Flag(JsonNode endpoint, string condition) => (bool?)endpoint["conditions"]?[condition] switch { true => "True", false => "False", null => "None" };

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(", ", list.Select(Text))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(static entry => $"{JsonSerializer.Serialize(entry.Key)}: {Text(entry.Value)}"))}}}",
        _ => node.ToJsonString(s_spaced),
    };
}
