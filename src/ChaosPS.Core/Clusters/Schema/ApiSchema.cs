using System.Globalization;
using System.Text.Json.Nodes;

namespace ChaosPS.Clusters.Schema;

/// <summary>
/// The types of the API with all their fields: what protobuf is read and written with, and the sandbox finds unknown fields and writes OpenAPI with.
/// They are read from the resource <c>api-1.32.txt</c> when they are asked for the first time.
/// </summary>
internal static class ApiSchema
{
    private const string Meta = "meta/v1";

    private static readonly Lazy<Dictionary<(string ApiVersion, string Name), ApiType>> s_types = new(Read);

    /// <summary>All types.</summary>
    public static IReadOnlyCollection<ApiType> Types => s_types.Value.Values;

    /// <summary>The type of an object; null when it is not known. Kinds such as <c>DeleteOptions</c> are in every group.</summary>
    public static ApiType? Find(string apiVersion, string kind) =>
        s_types.Value.GetValueOrDefault((apiVersion, kind)) ?? (kind == "DeleteOptions" ? s_types.Value[(Meta, kind)] : null);

    /// <summary>The type of an object that says what it is; null when it is not known.</summary>
    public static ApiType? Of(JsonObject json) => Find(Word(json["apiVersion"]), Word(json["kind"]));

    private static string Word(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static Dictionary<(string, string), ApiType> Read()
    {
        var types = new Dictionary<(string, string), ApiType>();
        var (apiVersion, model) = ("", "");
        ApiType? type = null;
        using var stream = typeof(ApiSchema).Assembly.GetManifestResourceStream("api-1.32.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case [""] or ["#", ..]:
                    break;
                case ["package", var version, var name]:
                    (apiVersion, model) = (version, name);
                    break;
                case [{ Length: > 0 } name, .. var marks]:
                    type = new ApiType(apiVersion, name, $"{model}.{name}", marks.Contains("atomic"));
                    types.Add((apiVersion, name), type);
                    break;
                case ["", var number, var name, var value, .. var rest]:
                    type!.Fields.Add(Field(int.Parse(number, CultureInfo.InvariantCulture), name, value, rest));
                    break;
            }
        }

        foreach (var known in types.Values)
        {
            foreach (var field in known.Fields)
            {
                field.Type = types.GetValueOrDefault(field.Scalar.Split('#') is [var other, var name] ? (other, name) : (known.ApiVersion, field.Scalar));
            }
        }

        return types;
    }

    private static ApiField Field(int number, string name, string value, string[] rest)
    {
        var shape = value[..2] switch { "[]" => FieldShape.List, "{}" => FieldShape.Map, _ => FieldShape.Single };
        var merge = rest.FirstOrDefault(word => word.Split('=')[0] == "merge");
        var keys = rest.FirstOrDefault(word => word.StartsWith("keys=", StringComparison.Ordinal));
        return new ApiField(number, name, shape, (shape == FieldShape.Single ? value : value[2..]).TrimEnd('?'))
        {
            IsOptional = value.EndsWith('?'),
            IsRequired = rest.Contains("required"),
            IsInline = rest.Contains("inline"),
            PatchStrategy = string.Join(',', rest.Where(word => word == "retainKeys").Prepend(merge is null ? null : "merge").OfType<string>()),
            PatchMergeKey = merge?.Split('=') is [_, var key] ? key : null,
            ListType = keys is not null ? "map" : rest.FirstOrDefault(word => word is "set" or "atomic") ?? "",
            ListKeys = keys?.Split('=')[1].Split(',') ?? [],
        };
    }
}
