using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Experiments;
using ChaosPS.Experiments.Controls;

namespace ChaosPS.Cli.Tests.Documentation;

/// <summary>Makes the JSON Schema of experiments: the frame, and the functions and controls that the catalogue has.</summary>
/// <remarks>Of the keywords of draft-07 only those are used that all drafts have: alternatives are told by an <c>enum</c> of their <c>type</c>.</remarks>
internal static class ExperimentSchema
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Path { get; } = System.IO.Path.Combine(Samples.RepositoryRoot, "docs", "schema", "experiment.schema.json");

    public static string Make()
    {
        var frame = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Samples.RepositoryRoot, "tests", "ChaosPS.Cli.Tests", "Documentation", "experiment.frame.json")))!;
        var definitions = frame["definitions"]!;
        definitions["python"]!["anyOf"] = new JsonArray(
        [
            .. ActivityCatalogue.All.Select(static activity => Reference(activity.Name)),
            Others(["module", "func"], ActivityCatalogue.Modules.Select(Known), "A function of Python that ChaosPS does not carry out."),
        ]);
        foreach (var activity in ActivityCatalogue.All) definitions[activity.Name] = Function(activity);
        definitions["control"]!["properties"]!["provider"]!["anyOf"] = new JsonArray(
        [
            .. ControlCatalogue.All.Select(static control => Reference(control.Module)),
            Others(["module"], [Properties(("module", Enum([.. ControlCatalogue.All.Select(static control => control.Module)])))], "A control that ChaosPS does not apply."),
        ]);
        foreach (var control in ControlCatalogue.All)
            definitions[control.Module] = Provider(control.Help, control.Arguments, ["type", "module"], ("module", Enum([control.Module])));
        return frame.ToJsonString(s_options) + "\n";
    }

    private static JsonObject Function(NativeActivity activity) => Provider(
        activity.Replacement is { } newer ? $"{activity.Help} Deprecated: the newer name is {newer}." : activity.Help,
        activity.Arguments, ["type", "module", "func"], ("module", Enum([activity.Module])), ("func", Enum([activity.Function])));

    private static JsonObject Provider(
        string help, IReadOnlyList<ActivityArgument> arguments, string[] required, params (string Name, JsonNode Schema)[] names)
    {
        string[] needed = [.. arguments.Where(static argument => argument.Required).Select(static argument => argument.Name)];
        var given = new JsonObject
        {
            ["type"] = needed.Length > 0 ? "object" : new JsonArray("object", "null"),
            ["properties"] = new JsonObject(arguments.Select(static argument => KeyValuePair.Create(argument.Name, (JsonNode?)Argument(argument)))),
            ["additionalProperties"] = false,
        };
        if (needed.Length > 0) given["required"] = new JsonArray([.. needed.Select(static name => JsonValue.Create(name))]);
        var properties = Properties([("type", Enum(["python"])), .. names, ("arguments", given), ("secrets", new JsonObject { ["$ref"] = "#/definitions/scopes" })]);
        properties["description"] = help;
        properties["required"] = new JsonArray([.. required.Concat(needed.Length > 0 ? ["arguments"] : Array.Empty<string>()).Select(static name => JsonValue.Create(name))]);
        return properties;
    }

    private static JsonObject Argument(ActivityArgument argument)
    {
        JsonNode type = argument.Type switch
        {
            ArgumentType.Text => new JsonObject { ["type"] = "string" },
            ArgumentType.Integer => new JsonObject { ["type"] = "integer" },
            ArgumentType.Number => new JsonObject { ["type"] = "number" },
            ArgumentType.Flag => new JsonObject { ["type"] = "boolean" },
            ArgumentType.Mapping => new JsonObject { ["type"] = "object" },
            ArgumentType.ListOfMappings => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } },
            ArgumentType.Texts => new JsonObject { ["type"] = new JsonArray("array", "string") },
            ArgumentType.List => new JsonObject { ["type"] = "array" },
            ArgumentType.Labels => new JsonObject { ["type"] = new JsonArray("object", "string") },
            _ => new JsonObject { ["type"] = new JsonArray("object", "array") },
        };
        var placeholder = argument.Type is ArgumentType.Integer or ArgumentType.Number
            ? new JsonObject { ["type"] = "string", ["pattern"] = @"\$|^\s*[-+]?[0-9]" }
            : new JsonObject { ["$ref"] = "#/definitions/placeholder" };
        var schema = new JsonObject { ["description"] = argument.Help, ["anyOf"] = new JsonArray(type, placeholder, new JsonObject { ["type"] = "null" }) };
        if (argument.Default is bool or long or int or string) schema["default"] = JsonSerializer.SerializeToNode(argument.Default);
        return schema;
    }

    private static JsonObject Known(string module) => Properties(
        ("module", Enum([module])),
        ("func", Enum([.. ActivityCatalogue.All.Where(activity => activity.Module == module).Select(static activity => activity.Function)])));

    /// <summary>A provider of Python that has none of the known names.</summary>
    private static JsonObject Others(string[] names, IEnumerable<JsonNode> known, string help)
    {
        var others = Properties([("type", Enum(["python"])), .. names.Select(static name => (name, (JsonNode)new JsonObject { ["type"] = "string", ["minLength"] = 1 }))]);
        others["description"] = help;
        others["required"] = new JsonArray([.. names.Prepend("type").Select(static name => JsonValue.Create(name))]);
        others["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. known]) };
        return others;
    }

    private static JsonObject Properties(params (string Name, JsonNode Schema)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(static property => KeyValuePair.Create(property.Name, (JsonNode?)property.Schema))),
    };

    private static JsonObject Enum(string[] values) => new() { ["enum"] = new JsonArray([.. values.Select(static value => JsonValue.Create(value))]) };

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };
}
