using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>The subresource <c>scale</c>: how many replicas a workload has and is to have, without anything else of it.</summary>
internal sealed class ScaleRequest(FaceRequest request, ResourcePath path, ObjectStore store)
{
    private static readonly ResourceType s_scale = new("autoscaling", "v1", "Scale", "scales", true);

    /// <summary>The scale.</summary>
    public JsonObject Read() => Write(store.Write(Item()));

    /// <summary>Replaces or patches the scale; returns it as it then is.</summary>
    public JsonObject Change()
    {
        var item = Item();
        var current = store.Write(item);
        var old = Write(current);
        var wanted = request.Method == HttpMethod.Put ? RequestBody.Read(request, s_scale.Kind, s_scale.ApiVersion) : RequestBody.Patch(request, old);
        var metadata = wanted["metadata"] as JsonObject ?? throw RequestBody.Unreadable(wanted, "metadata is no object");
        if (metadata["resourceVersion"]?.ToString() is { Length: > 0 } version && version != (string?)old["metadata"]!["resourceVersion"])
        {
            throw StatusException.Conflict(path.Type, item.Name);
        }

        if (metadata["uid"]?.ToString() is { Length: > 0 } uid && uid != item.Uid) throw StatusException.OtherObject(path.Type, item.Name, uid, item.Uid ?? "");
        var spec = new Shape(wanted).Object(wanted, "spec");
        new Shape(wanted).Counts(spec, "replicas");
        var replicas = (int?)spec["replicas"] ?? 0;
        if (replicas < 0) throw StatusException.Invalid(s_scale, item.Name, FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0"));
        var scaled = (JsonObject)current.DeepClone();
        scaled["spec"]!["replicas"] = replicas;
        return Write(new WriteRequest(request, path, store).Store(item, current, scaled, isApply: false));
    }

    private ApiObject Item() => store.Get(path.Type, path.Namespace!, path.Name!);

    private static JsonObject Write(JsonObject workload)
    {
        var metadata = workload["metadata"]!;
        var scaleMetadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" }) scaleMetadata[field] = metadata[field]?.DeepClone();
        var replicas = (int?)workload["spec"]!["replicas"] ?? 0;
        return JsonParts.Alone(s_scale, new JsonObject
        {
            ["metadata"] = scaleMetadata,
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = new JsonObject
            {
                ["replicas"] = (int?)workload["status"]?["replicas"] ?? 0,
                ["selector"] = SelectorText(workload["spec"]!["selector"] as JsonObject ?? []),
            },
        });
    }

    private static string SelectorText(JsonObject selector)
    {
        var labels = (selector["matchLabels"] as JsonObject ?? []).Select(label => $"{label.Key}={label.Value}");
        var expressions = (selector["matchExpressions"] as JsonArray ?? []).Select(expression => (string?)expression!["operator"] switch
        {
            "Exists" => $"{expression["key"]}",
            "DoesNotExist" => $"!{expression["key"]}",
            "NotIn" => $"{expression["key"]} notin ({Values(expression)})",
            _ => $"{expression["key"]} in ({Values(expression)})",
        });
        return string.Join(',', labels.Concat(expressions).Order(StringComparer.Ordinal));

        static string Values(JsonNode expression) => string.Join(',', (expression["values"] as JsonArray ?? []).Select(value => value?.ToString()).Order(StringComparer.Ordinal));
    }
}
