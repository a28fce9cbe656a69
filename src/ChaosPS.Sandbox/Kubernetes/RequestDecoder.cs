using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.OpenApi;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>Makes JSON of whatever form a client sends its body in, so that everything behind it reads JSON only.</summary>
/// <param name="documents">Reads YAML; without it, YAML is an unsupported media type.</param>
internal sealed class RequestDecoder(IDocumentReader? documents)
{
    /// <summary>The same request with a body in JSON.</summary>
    /// <exception cref="StatusException">The body is not what its media type says.</exception>
    public FaceRequest Decode(FaceRequest request) => (request.ContentType, documents) switch
    {
        ("application/vnd.kubernetes.protobuf", _) => request.With(Bytes(ProtobufReader.Read(request.Body)), "application/json"),
        ("application/yaml", { } reader) => request.With(ReadYaml(request.Body, reader), "application/json"),
        ("application/apply-patch+yaml", { } reader) => request.With(ReadYaml(request.Body, reader), "application/apply-patch+yaml"),
        _ => request,
    };

    private static byte[] ReadYaml(byte[] body, IDocumentReader reader)
    {
        try
        {
            return Bytes(DocumentJson.Of(reader.Read(Encoding.UTF8.GetString(body), "the body")));
        }
        catch (Exception exception) when (exception is ChaosException or JsonException)
        {
            throw StatusException.BadRequest($"yaml parse error: {exception.Message}");
        }
    }

    private static byte[] Bytes(JsonNode? json) => JsonSerializer.SerializeToUtf8Bytes(json);
}
