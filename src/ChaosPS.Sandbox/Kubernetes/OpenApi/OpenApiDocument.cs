using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.OpenApi;

/// <summary>Writes the OpenAPI document of a group: what <c>kubectl apply</c> merges by, and <c>kubectl explain</c> shows.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3 .</remarks>
internal static class OpenApiDocument
{
    private const string Kinds = "x-kubernetes-group-version-kind";
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private static readonly string[] s_patchTypes =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

    private static readonly string[] s_inPath = ["namespace", "name"];

    /// <summary>Values that have no fields, but a form of their own.</summary>
    private static readonly Dictionary<string, (string Model, Func<JsonObject> Schema)> s_forms = new()
    {
        ["time"] = ($"{Meta}.Time", () => new JsonObject { ["type"] = "string", ["format"] = "date-time" }),
        ["microTime"] = ($"{Meta}.MicroTime", () => new JsonObject { ["type"] = "string", ["format"] = "date-time" }),
        ["fields"] = ($"{Meta}.FieldsV1", () => new JsonObject { ["type"] = "object" }),
        ["raw"] = ("io.k8s.apimachinery.pkg.runtime.RawExtension", () => new JsonObject { ["type"] = "object" }),
        ["quantity"] = ("io.k8s.apimachinery.pkg.api.resource.Quantity", () => OneOf("string", "number")),
        ["intOrString"] = ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", () => OneOf("integer", "string")),
    };

    /// <summary>The document of a group and version.</summary>
    /// <param name="resources">The types in it.</param>
    public static JsonObject Write(IReadOnlyList<ResourceType> resources)
    {
        var schemas = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var resource in resources) Add(resource, schemas);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = new JsonObject(resources.SelectMany(Paths)),
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value))),
            },
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Paths(ResourceType type)
    {
        var list = $"/{type.Root}{(type.Namespaced ? "/namespaces/{namespace}" : "")}/{type.Plural}";
        yield return Path(list, [("get", "list"), ("post", "create"), ("delete", "deletecollection")]);
        if (type.Verbs.Contains("get")) yield return Path($"{list}/{{name}}", [("get", "get"), ("put", "update"), ("patch", "patch"), ("delete", "delete")]);

        KeyValuePair<string, JsonNode?> Path(string path, (string Method, string Verb)[] operations)
        {
            var json = new JsonObject();
            foreach (var (method, verb) in operations.Where(operation => type.Verbs.Contains(operation.Verb))) json[method] = Operation(type, method, verb);
            var inPath = s_inPath.Where(name => path.Contains($"{{{name}}}", StringComparison.Ordinal));
            json["parameters"] = new JsonArray([.. inPath.Select(name => Parameter(name, "path"))]);
            return KeyValuePair.Create(path, (JsonNode?)json);
        }
    }

    private static JsonObject Operation(ResourceType type, string method, string verb)
    {
        string[] parameters = method switch
        {
            "get" => verb == "list" ? ["continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "watch"] : [],
            "delete" => ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
            "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"],
            _ => ["dryRun", "fieldManager", "fieldValidation"],
        };
        var json = new JsonObject
        {
            ["operationId"] = $"{verb}{type.Kind}",
            ["parameters"] = new JsonArray([.. parameters.Select(name => Parameter(name, "query"))]),
        };
        if (method is "post" or "put") json["requestBody"] = Content(["application/json"], Reference(ModelOf(type)));
        if (method == "patch") json["requestBody"] = Content(TypeOf(type) is null ? s_patchTypes[..3] : s_patchTypes, new JsonObject { ["type"] = "object" });
        var model = verb == "list" ? $"{ModelOf(type)}List" : ModelOf(type);
        var answer = Content(["application/json", "application/yaml"], Reference(model));
        answer["description"] = "OK";
        json["responses"] = new JsonObject { ["200"] = answer };
        json["x-kubernetes-action"] = verb;
        json[Kinds] = KindOf(type, type.Kind);
        return json;
    }

    private static JsonObject Parameter(string name, string where) => new()
    {
        ["name"] = name,
        ["in"] = where,
        ["required"] = where == "path",
        ["schema"] = new JsonObject
        {
            ["type"] = name switch { "limit" or "gracePeriodSeconds" => "integer", "watch" or "force" => "boolean", _ => "string" },
            ["uniqueItems"] = true,
        },
    };

    private static JsonObject Content(string[] mediaTypes, JsonObject schema) => new()
    {
        ["content"] = new JsonObject(mediaTypes.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject { ["schema"] = schema.DeepClone() }))),
    };

    /// <summary>Adds the type of a resource, its list, and all types in them.</summary>
    private static void Add(ResourceType resource, SortedDictionary<string, JsonObject> schemas)
    {
        var model = ModelOf(resource);
        if (TypeOf(resource) is { } type)
        {
            Add(type, schemas);
            schemas[model]["description"] =
                $"{resource.Kind} of {resource.ApiVersion}, with the fields that Kubernetes 1.32 has. What they mean: https://v1-32.docs.kubernetes.io/docs/reference/kubernetes-api/";
        }
        else
        {
            schemas[model] = WithoutType(resource, schemas);
        }

        schemas[model][Kinds] = new JsonArray(KindOf(resource, resource.Kind));
        if (!resource.Verbs.Contains("list")) return;
        Add(ApiSchema.Find("meta/v1", "ListMeta")!, schemas);
        schemas[$"{model}List"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("items"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Simple("string"),
                ["items"] = new JsonObject { ["type"] = "array", ["items"] = Wrapped(model) },
                ["kind"] = Simple("string"),
                ["metadata"] = Wrapped($"{Meta}.ListMeta"),
            },
            [Kinds] = new JsonArray(KindOf(resource, $"{resource.Kind}List")),
        };
    }

    /// <summary>What a definition says of its kind; of definitions themselves only that they are objects.</summary>
    private static JsonObject WithoutType(ResourceType resource, SortedDictionary<string, JsonObject> schemas)
    {
        Add(ApiSchema.Find("meta/v1", "ObjectMeta")!, schemas);
        var json = resource.Definition?.Schema(resource.Version) ?? new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true };
        json["type"] = "object";
        var properties = json.Member("properties");
        properties["apiVersion"] = Simple("string");
        properties["kind"] = Simple("string");
        properties["metadata"] = Wrapped($"{Meta}.ObjectMeta");
        return json;
    }

    private static void Add(ApiType type, SortedDictionary<string, JsonObject> schemas)
    {
        if (schemas.ContainsKey(type.Model)) return;
        var json = schemas[type.Model] = new JsonObject { ["type"] = "object" };
        if (type.IsAtomic) json["x-kubernetes-map-type"] = "atomic";
        string[] required = [.. type.ByName.Values.Where(field => field.IsRequired).Select(field => field.Name)];
        if (required.Length > 0) json["required"] = new JsonArray([.. required]);
        var properties = type.ByName.Values.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Property(field)));
        if (type.ByName.TryGetValue("metadata", out var metadata) && metadata.Scalar.EndsWith("Meta", StringComparison.Ordinal))
        {
            properties = properties.Append(new("apiVersion", Simple("string"))).Append(new("kind", Simple("string")));
        }

        json["properties"] = new JsonObject(properties.OrderBy(property => property.Key, StringComparer.Ordinal));
        foreach (var field in type.ByName.Values)
        {
            if (field.Type is { } inner) Add(inner, schemas);
            else if (s_forms.TryGetValue(field.Scalar, out var form)) schemas.TryAdd(form.Model, form.Schema());
        }
    }

    private static JsonObject Property(ApiField field)
    {
        var value = field.Type is { } type ? Wrapped(type.Model) : s_forms.TryGetValue(field.Scalar, out var form) ? Wrapped(form.Model) : Simple(field.Scalar);
        var json = field.Shape switch
        {
            FieldShape.List => new JsonObject { ["type"] = "array", ["items"] = value },
            FieldShape.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = value },
            _ => value,
        };
        if (field.Shape == FieldShape.List && field.ListType.Length > 0) json["x-kubernetes-list-type"] = field.ListType;
        if (field.Shape == FieldShape.Map && field.ListType.Length > 0) json["x-kubernetes-map-type"] = field.ListType;
        if (field.ListKeys.Count > 0) json["x-kubernetes-list-map-keys"] = new JsonArray([.. field.ListKeys]);
        if (field.PatchStrategy.Length > 0) json["x-kubernetes-patch-strategy"] = field.PatchStrategy;
        if (field.PatchMergeKey is { } key) json["x-kubernetes-patch-merge-key"] = key;
        return json;
    }

    private static JsonObject Simple(string scalar) => scalar switch
    {
        "int" => new JsonObject { ["type"] = "integer" },
        "bool" => new JsonObject { ["type"] = "boolean" },
        "bytes" => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        _ => new JsonObject { ["type"] = scalar },
    };

    private static JsonObject Wrapped(string model) => new() { ["allOf"] = new JsonArray(Reference(model)) };

    private static JsonObject Reference(string model) => new() { ["$ref"] = $"#/components/schemas/{model}" };

    private static JsonObject OneOf(params string[] types) =>
        new() { ["oneOf"] = new JsonArray([.. types.Select(type => new JsonObject { ["type"] = type })]) };

    private static JsonObject KindOf(ResourceType type, string kind) => new() { ["group"] = type.Group, ["kind"] = kind, ["version"] = type.Version };

    /// <summary>What the schema has of a type; null for definitions of custom resources and what they add.</summary>
    private static ApiType? TypeOf(ResourceType type) => ApiSchema.Find(type.ApiVersion, type.Kind);

    /// <summary>The model's name; of a type that a definition added it is made of its group, version and kind.</summary>
    private static string ModelOf(ResourceType type) =>
        TypeOf(type)?.Model ?? string.Join('.', [.. type.Group.Split('.').Reverse(), type.Version, type.Kind]);
}
