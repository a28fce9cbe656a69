using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>
/// The form in which a client takes objects: JSON, YAML or protobuf; as they are, as a table, or only their metadata. Tables and watches are not
/// served in protobuf: clients that offer something else beside it get that, as from any server that does not know it.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources .</remarks>
internal sealed class Representation
{
    private const string MetaGroup = "meta.k8s.io";

    private readonly bool _isYaml;
    private readonly bool _isProtobuf;

    /// <summary><c>Table</c>, <c>PartialObjectMetadata</c> or <c>PartialObjectMetadataList</c>; empty for objects as they are.</summary>
    private readonly string _conversion;

    /// <summary>The version of the group of these: <c>v1</c> or <c>v1beta1</c>.</summary>
    private readonly string _version;

    /// <summary>What a table has of each object beside its cells: <c>None</c>, <c>Metadata</c> or <c>Object</c>.</summary>
    private readonly string _includeObject;

    private Representation(bool isYaml, bool isProtobuf, string conversion, string version, string includeObject)
    {
        _isYaml = isYaml;
        _isProtobuf = isProtobuf;
        _conversion = conversion;
        _version = version;
        _includeObject = includeObject;
    }

    /// <summary>The first form that the client wishes for and that is there, its preferences in order.</summary>
    /// <param name="request">The request.</param>
    /// <param name="withProtobuf">Whether what is asked for can be written in protobuf.</param>
    /// <exception cref="StatusException">There is none, or the client wants something else of a table than there is.</exception>
    public static Representation Negotiate(FaceRequest request, bool withProtobuf)
    {
        var includeObject = request.Query("includeObject") ?? "";
        if (includeObject is not ("" or "None" or "Metadata" or "Object"))
        {
            throw StatusException.BadRequest(
                $"Unable to convert to Table as requested: includeObject: Invalid value: \"{includeObject}\": must be 'Metadata', 'Object', 'None', or empty");
        }

        if (request.Accept.Count == 0) return new Representation(isYaml: false, isProtobuf: false, "", "", includeObject);
        foreach (var wish in request.Accept.OrderByDescending(wish => wish.Quality ?? 1))
        {
            var isYaml = wish.MediaType is "application/yaml";
            var isProtobuf = withProtobuf && wish.MediaType is ProtobufWriter.MediaType;
            if (!isYaml && !isProtobuf && wish.MediaType is not ("application/json" or "application/*" or "*/*")) continue;
            var (conversion, group, version) = (Parameter(wish, "as"), Parameter(wish, "g"), Parameter(wish, "v"));
            var isMeta = group == MetaGroup && version is "v1" or "v1beta1" && conversion is "Table" or "PartialObjectMetadata" or "PartialObjectMetadataList";
            if ((isMeta && !isProtobuf) || (conversion, group, version) == ("", "", ""))
                return new Representation(isYaml, isProtobuf, conversion, version, includeObject);
        }

        throw StatusException.NotAcceptable();
    }

    /// <summary>The answer with an object or a list in this form.</summary>
    /// <exception cref="StatusException">A list was wished for and there is one object, or the other way round.</exception>
    public FaceResponse Answer(HttpStatusCode status, JsonObject json, DateTimeOffset now)
    {
        var converted = Convert(json, now, withColumns: true);
        if (_isProtobuf && ProtobufWriter.Knows(converted.Text("apiVersion"), converted.Text("kind")))
            return FaceResponse.Bytes(status, ProtobufWriter.Write(converted), ProtobufWriter.MediaType);
        return _isYaml ? FaceResponse.Text(status, YamlText.Write(converted), "application/yaml") : FaceResponse.Json(status, converted);
    }

    /// <summary>Makes what writes the objects of a watch's events in this form: only the first table says what its columns are.</summary>
    /// <exception cref="StatusException">There are no watches in this form.</exception>
    public Func<JsonObject, DateTimeOffset, JsonObject> Events()
    {
        if (_isYaml) throw StatusException.NotAcceptable();
        var isFirst = true;
        return (json, now) =>
        {
            var converted = Convert(json, now, isFirst);
            isFirst = false;
            return converted;
        };
    }

    private JsonObject Convert(JsonObject json, DateTimeOffset now, bool withColumns)
    {
        var kind = json.Text("kind");
        if (_conversion.Length == 0 || kind == "Status") return json;
        var list = json["items"] as JsonArray;
        return (_conversion, list) switch
        {
            ("Table", _) => Table(json, list, now, withColumns),
            ("PartialObjectMetadata", null) => MetadataOf(json),
            ("PartialObjectMetadataList", not null) => Meta("PartialObjectMetadataList", new JsonObject
            {
                ["metadata"] = json["metadata"]?.DeepClone(),
                ["items"] = new JsonArray([.. list.OfType<JsonObject>().Select(MetadataOf)]),
            }),
            _ => throw StatusException.NotAcceptable($"you requested {_conversion}, but the requested object is {(list is null ? "not " : "")}a list ({kind})"),
        };
    }

    private JsonObject Table(JsonObject json, JsonArray? list, DateTimeOffset now, bool withColumns)
    {
        var kind = json.Text("kind");
        if (list is not null) kind = kind[..^"List".Length];
        var columns = TableLayout.Of(json.Text("apiVersion"), kind);
        var table = new JsonObject
        {
            ["metadata"] = list is null ? new JsonObject { ["resourceVersion"] = json.Text("metadata.resourceVersion") } : json["metadata"]?.DeepClone(),
            ["columnDefinitions"] = withColumns ? new JsonArray([.. columns.Select(column => column.Define())]) : null,
            ["rows"] = new JsonArray([.. (list?.OfType<JsonObject>() ?? [json]).Select(Row)]),
        };
        return Meta("Table", table);

        JsonObject Row(JsonObject item)
        {
            var row = new JsonObject { ["cells"] = TableLayout.Cells(columns, item, now) };
            if (TableLayout.Conditions(kind, item) is { } conditions) row["conditions"] = conditions;
            row["object"] = _includeObject switch
            {
                "None" => null,
                "Object" => Whole(item, kind, json.Text("apiVersion")),
                _ => MetadataOf(item),
            };
            return row;
        }
    }

    /// <summary>The object as it stands alone: in a list it does not say what it is.</summary>
    private static JsonObject Whole(JsonObject item, string kind, string apiVersion)
    {
        var copy = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
        foreach (var (name, value) in item) copy[name] = value?.DeepClone();
        return copy;
    }

    private JsonObject MetadataOf(JsonObject item) => Meta("PartialObjectMetadata", new JsonObject { ["metadata"] = item["metadata"]?.DeepClone() });

    private JsonObject Meta(string kind, JsonObject json)
    {
        json.Insert(0, "kind", kind);
        json.Insert(1, "apiVersion", $"{MetaGroup}/{_version}");
        return json;
    }

    private static string Parameter(MediaTypeWithQualityHeaderValue wish, string name) =>
        wish.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value?.Trim('"') ?? "";
}
