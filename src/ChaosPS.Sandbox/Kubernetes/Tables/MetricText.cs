using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>The metrics of an autoscaler: <c>cpu: 12%/80%</c>.</summary>
internal static class MetricText
{
    private const int Shown = 2;

    /// <summary>The first two metrics, and how many there are more.</summary>
    public static JsonNode Of(TableRow row)
    {
        JsonObject[] wanted = [.. row.Items("spec.metrics")];
        JsonObject[] current = [.. row.Items("status.currentMetrics")];
        if (wanted.Length == 0) return TableRow.None;
        var shown = string.Join(", ", wanted.Take(Shown).Select((metric, index) => One(metric, index < current.Length ? current[index] : [])));
        return wanted.Length > Shown ? $"{shown} + {wanted.Length - Shown} more..." : shown;
    }

    private static string One(JsonObject wanted, JsonObject current)
    {
        var type = wanted.Text("type");
        var source = type is "External" or "Pods" or "Object" or "Resource" or "ContainerResource" ? char.ToLowerInvariant(type[0]) + type[1..] : "";
        if (source.Length == 0) return "<unknown type>";
        var target = $"{source}.target";
        var now = $"{source}.current";
        var isAverage = type == "Pods" || wanted.Find($"{target}.averageValue") is not null;
        var average = $"{current.Text($"{now}.averageValue", "<unknown>")}/{wanted.Text($"{target}.averageValue")}";
        return type switch
        {
            "Pods" => average,
            "External" or "Object" when isAverage => $"{average} (avg)",
            "External" or "Object" => $"{current.Text($"{now}.value", "<unknown>")}/{wanted.Text($"{target}.value")}",
            _ when isAverage => $"{wanted.Text($"{source}.name")}: {average}",
            _ => $"{wanted.Text($"{source}.name")}: {Percent(current, now, "<unknown>")}/{Percent(wanted, target, "<auto>")}",
        };
    }

    private static string Percent(JsonObject metric, string path, string missing) =>
        metric.Text($"{path}.averageUtilization") is { Length: > 0 } percent ? percent + "%" : missing;
}
