using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>Reads refusals: who asks for protobuf gets a Status in it too.</summary>
internal static class ProtobufStatus
{
    /// <summary>The text of a refusal: a Status that came in protobuf as the JSON that it would be otherwise, anything else as it is.</summary>
    public static string ReadText(byte[] body)
    {
        if (!body.AsSpan().StartsWith(ProtobufList.Magic)) return Encoding.UTF8.GetString(body);
        try
        {
            var message = new ArraySegment<byte>(body, ProtobufList.Magic.Length, body.Length - ProtobufList.Magic.Length);
            var scanner = new ProtobufScanner(message);
            while (scanner.Next())
            {
                if (scanner.Field != 2) continue;
                scanner.Bytes();
                var status = new ProtobufItem(ApiSchema.Find("meta/v1", "Status")!).Begin(message.Slice(scanner.Start, scanner.Length));
                return ToJson(new ApiFields(status)).ToJsonString();
            }
        }
        catch (InvalidDataException)
        {
            // A refusal that is cut off says nothing; its HTTP status does.
        }

        return "";
    }

    private static JsonObject ToJson(ApiFields status) => new()
    {
        ["kind"] = "Status",
        ["status"] = status.Text("status"),
        ["message"] = status.Text("message"),
        ["reason"] = status.Text("reason"),
        ["code"] = status.Number("code"),
        ["details"] = status.At("details") is { } details ? Details(details) : null,
    };

    private static JsonObject Details(ApiFields details) => new()
    {
        ["name"] = details.Text("name"),
        ["group"] = details.Text("group"),
        ["kind"] = details.Text("kind"),
        ["uid"] = details.Text("uid"),
        ["retryAfterSeconds"] = details.Number("retryAfterSeconds") ?? 0,
        ["causes"] = new JsonArray(
        [
            .. details.Items("causes").Select(static cause => new JsonObject
            {
                ["reason"] = cause.Text("reason"),
                ["message"] = cause.Text("message"),
                ["field"] = cause.Text("field"),
            }),
        ]),
    };
}
