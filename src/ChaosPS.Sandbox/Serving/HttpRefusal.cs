using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Serving;

/// <summary>A request that no face gets to see, or that one failed on.</summary>
internal sealed class HttpRefusal(HttpStatusCode status, string message) : Exception(message)
{
    /// <summary>What the client is told: a Status object of the Kubernetes API, since kubectl shows its message.</summary>
    public HttpResponseMessage ToMessage()
    {
        var body = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = status switch
            {
                HttpStatusCode.InternalServerError => "InternalError",
                HttpStatusCode.Forbidden => "Forbidden",
                _ => "BadRequest",
            },
            ["code"] = (int)status,
        };
        return new HttpResponseMessage(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
    }
}
