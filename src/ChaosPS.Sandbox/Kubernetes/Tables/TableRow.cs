using System.Globalization;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>An object on its way into a table. Users write objects, so any field may be missing or of another type than expected.</summary>
/// <param name="json">The object.</param>
/// <param name="now">The time that ages are counted to.</param>
internal sealed class TableRow(JsonObject json, DateTimeOffset now)
{
    /// <summary>What is shown when nothing is there.</summary>
    public const string None = "<none>";

    /// <summary>The object.</summary>
    public JsonObject Json => json;

    /// <summary>The name.</summary>
    public string Name => Text("metadata.name");

    /// <summary>How long ago it was created.</summary>
    public string Age => Since("metadata.creationTimestamp");

    /// <summary>Whether it is being deleted.</summary>
    public bool IsTerminating => Has("metadata.deletionTimestamp");

    /// <summary>What the containers of a pod say together.</summary>
    public PodSummary Pod => field ??= PodSummary.Of(this);

    /// <summary>The node at a path such as <c>status.phase</c>.</summary>
    public JsonNode? Find(string path) => json.Find(path);

    /// <summary>Whether there is a value.</summary>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>A text or number as text; <paramref name="missing"/> when there is none, or when it is empty.</summary>
    public string Text(string path, string missing = "") => json.Text(path, missing);

    /// <summary>A number; zero when there is none.</summary>
    public long Number(string path) => json.Number(path);

    /// <summary>Whether the value is true.</summary>
    public bool IsTrue(string path) => Find(path) is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    /// <summary>How many entries an object or a list has.</summary>
    public int Count(string path) => Find(path) switch { JsonObject map => map.Count, JsonArray list => list.Count, _ => 0 };

    /// <summary>The objects in a list.</summary>
    public IEnumerable<JsonObject> Items(string path) => json.Items(path);

    /// <summary>The texts in a list.</summary>
    public IEnumerable<string> Texts(string path) => (Find(path) as JsonArray ?? []).Select(item => item?.ToString() ?? "");

    /// <summary>How long ago a time was; <c>&lt;unknown&gt;</c> when there is none.</summary>
    public string Since(string path) => Since(Time(path));

    /// <summary>How long ago a time was; <c>&lt;unknown&gt;</c> when there is none.</summary>
    public string Since(DateTimeOffset? time) => time is { } known ? HumanDuration.Text(now - known) : "<unknown>";

    /// <summary>A time; null when there is none.</summary>
    public DateTimeOffset? Time(string path) => json.Time(path);

    /// <summary>The status of a condition; null when there is none of the type.</summary>
    public string? Condition(string type) =>
        Items("status.conditions").FirstOrDefault(condition => condition.Text("type") == type)?.Text("status");

    /// <summary>Labels or a node selector: <c>a=b,c=d</c>, sorted by name.</summary>
    public string Labels(string path) =>
        Find(path) is JsonObject { Count: > 0 } labels
            ? string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))
            : None;

    /// <summary>A label selector in the form of <c>--selector</c>; empty when it has no requirement.</summary>
    public string Selector(string path)
    {
        var exact = (Find($"{path}.matchLabels") as JsonObject ?? []).Select(label => (label.Key, Text: $"{label.Key}={label.Value}"));
        var others = Items($"{path}.matchExpressions").Select(expression => (Key: expression.Text("key"), Text: Requirement(expression)));
        return string.Join(',', exact.Concat(others).OrderBy(requirement => requirement.Key, StringComparer.Ordinal).Select(requirement => requirement.Text));
    }

    private static string Requirement(JsonObject expression)
    {
        var key = expression.Text("key");
        var values = string.Join(',', (expression["values"] as JsonArray ?? []).Select(value => value?.ToString()).Order(StringComparer.Ordinal));
        return expression.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => $"!{key}",
            _ => key,
        };
    }
}

/// <summary>Reads objects whose fields may be missing or of another type.</summary>
internal static class JsonReading
{
    /// <summary>The node at a path such as <c>status.phase</c>; null when there is none.</summary>
    public static JsonNode? Find(this JsonObject json, string path)
    {
        JsonNode? node = json;
        foreach (var step in path.Split('.')) node = (node as JsonObject)?[step];
        return node;
    }

    /// <summary>A text or number as text; <paramref name="missing"/> when there is none, or when it is empty.</summary>
    public static string Text(this JsonObject json, string path, string missing = "") =>
        json.Find(path) is JsonValue value && value.ToString() is { Length: > 0 } text ? text : missing;

    /// <summary>A number; zero when there is none.</summary>
    public static long Number(this JsonObject json, string path) =>
        long.TryParse(json.Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The objects in a list.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject json, string path) => (json.Find(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>A time; null when there is none.</summary>
    public static DateTimeOffset? Time(this JsonObject json, string path) =>
        DateTimeOffset.TryParse(json.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
