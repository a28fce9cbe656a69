using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

/// <summary>Objects of the API with any fields that their types have, and values among which are all that somebody looks for.</summary>
internal sealed class RandomObjects(int seed)
{
    private const int Deepest = 9;

    private static readonly string[] s_words =
    [
        "", "a", "b", "Ready", "PodScheduled", "Initialized", "ContainersReady", "True", "False", "Unknown", "Running", "Pending", "Succeeded", "Failed",
        "Always", "Never", "OnFailure", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "NoSchedule", "NoExecute", "PreferNoSchedule", "Equal", "InternalIP",
        "SchedulingGated", "Completed", "NodeLost", "CrashLoopBackOff", "PodInitializing", "Honor", "Ignore", "ScheduleAnyway", "system-node-critical",
        "kubernetes.io/hostname", "metadata.name", "node.kubernetes.io/not-ready", "Recreate", "OnDelete", "Parallel", "größer", "日本", new('x', 200),
    ];

    private static readonly string[] s_keys =
    [
        "app", "cpu", "memory", "pods", "kubernetes.azure.com/agentpool", "topology.kubernetes.io/zone", "node-role.kubernetes.io/worker",
        "kubernetes.io/role", "chaosps/run-seconds", "chaosps/exit-code", "kubernetes.io/config.mirror", "chaosps.dev/protected", "ünïcode",
    ];

    private static readonly string[] s_quantities = ["0", "1", "250m", "1.5", "128Mi", "2e3", "1Ki", "100n"];

    private readonly Random _random = new(seed);

    /// <summary>An object of a type; it has a name.</summary>
    public JsonObject Make(ApiType type)
    {
        var json = Object(type, 0);
        if (json["metadata"] is not JsonObject metadata) json["metadata"] = metadata = [];
        metadata["name"] = $"n{_random.Next(5)}";
        return json;
    }

    private JsonObject Object(ApiType type, int depth)
    {
        var json = new JsonObject();
        foreach (var field in type.ByName.Values)
        {
            if (_random.Next(Deepest) < depth || _random.Next(10) < 3) continue;
            json[field.Name] = field.Shape switch
            {
                FieldShape.List => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(field, depth))]),
                FieldShape.Map => new JsonObject(Enumerable.Range(0, _random.Next(5)).Select(_ => Pick(s_keys)).Distinct().Order(StringComparer.Ordinal)
                    .Select(key => KeyValuePair.Create(key, Value(field, depth)))),
                _ => Value(field, depth),
            };
        }

        return json;
    }

    private JsonNode? Value(ApiField field, int depth) => field.Type is { } type ? Object(type, depth + 1) : field.Scalar switch
    {
        "int" => JsonValue.Create(_random.Next(4) switch { 0 => 0, 1 => _random.Next(3), 2 => -_random.Next(1000), _ => _random.Next(int.MaxValue) }),
        "bool" => JsonValue.Create(_random.Next(2) == 0),
        "number" => JsonValue.Create(_random.NextDouble()),
        "bytes" => JsonValue.Create(Convert.ToBase64String([1, 2, 3])),
        "time" => JsonValue.Create(Time().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        "microTime" => JsonValue.Create(Time().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)),
        "quantity" => JsonValue.Create(Pick(s_quantities)),
        "intOrString" => _random.Next(2) == 0 ? JsonValue.Create(_random.Next(100)) : JsonValue.Create($"{_random.Next(100)}%"),
        "raw" or "fields" => new JsonObject { ["f:a"] = new JsonObject() },
        _ => JsonValue.Create(Pick(s_words)),
    };

    private DateTimeOffset Time() => new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(1200)).AddMicroseconds(_random.Next(1_000_000));

    private string Pick(string[] values) => values[_random.Next(values.Length)];
}
