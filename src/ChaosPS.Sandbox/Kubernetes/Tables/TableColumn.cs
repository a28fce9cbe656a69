using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">The heading, which kubectl shows in capitals.</param>
/// <param name="Description">What is in it.</param>
/// <param name="Cell">Its value for one object.</param>
internal sealed record TableColumn(string Name, string Description, Func<TableRow, JsonNode?> Cell)
{
    /// <summary>The type: <c>string</c>, <c>integer</c>, <c>boolean</c> or <c>date</c>.</summary>
    public string Type { get; init; } = "string";

    /// <summary>The format; <c>name</c> for the object's name.</summary>
    public string Format { get; init; } = "";

    /// <summary>Whether kubectl shows it only with <c>-o wide</c>.</summary>
    public bool IsWide { get; init; }

    /// <summary>The object's name.</summary>
    public static TableColumn ObjectName { get; } = new("Name", "The name of the object, unique among its kind and namespace.", row => row.Name) { Format = "name" };

    /// <summary>How long ago the object was created.</summary>
    public static TableColumn Age { get; } = new("Age", "How long ago the object was created.", row => row.Age);

    /// <summary>The columns of pod templates for <c>-o wide</c>: containers and their images.</summary>
    public static TableColumn[] Containers(string path) =>
    [
        Wide("Containers", "The names of the containers in the template.", row => string.Join(',', row.Items(path).Select(container => container.Text("name")))),
        Wide("Images", "The images of the containers in the template.", row => string.Join(',', row.Items(path).Select(container => container.Text("image")))),
    ];

    /// <summary>A column of texts, or of numbers that are declared as texts.</summary>
    public static TableColumn Text(string name, string description, Func<TableRow, JsonNode?> cell) => new(name, description, cell);

    /// <summary>A column for <c>-o wide</c>.</summary>
    public static TableColumn Wide(string name, string description, Func<TableRow, JsonNode?> cell) => new(name, description, cell) { IsWide = true };

    /// <summary>A column of numbers.</summary>
    public static TableColumn Number(string name, string description, Func<TableRow, JsonNode?> cell) => new(name, description, cell) { Type = "integer" };

    /// <summary>A column of yes and no.</summary>
    public static TableColumn Flag(string name, string description, Func<TableRow, JsonNode?> cell) => new(name, description, cell) { Type = "boolean" };

    /// <summary>Its definition in a table.</summary>
    public JsonObject Define() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = IsWide ? 1 : 0,
    };
}
