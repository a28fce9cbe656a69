using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Simulation;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Application;

/// <summary>The application as its users reach it: through the load balancer, an ingress controller and a Service, to a pod.</summary>
internal sealed class ApplicationFace(SandboxCluster cluster, TimeProvider time) : IFace
{
    /// <summary>How long a connection is tried in vain: Linux gives up after six repetitions of the first packet.</summary>
    /// <remarks>Source: https://www.kernel.org/doc/Documentation/networking/ip-sysctl.txt , tcp_syn_retries.</remarks>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(127);

    /// <inheritdoc/>
    public async Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken)
    {
        var outcome = cluster.Look(simulation =>
        {
            var found = simulation.Route(request.Uri.AbsolutePath, request.Uri.Host);
            if (found is { Hangs: false, Pod: { } pod }) simulation.Write(pod, $"{request.Method} {request.Uri.AbsolutePath} {found.StatusCode}");
            return found;
        });
        if (outcome.Hangs)
        {
            await time.DelayAsync(s_connectTimeout, cancellationToken);
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"No answer from {request.Uri.Host} for {s_connectTimeout.TotalSeconds} s: {outcome.Reason}");
        }

        await time.DelayAsync(outcome.Latency, cancellationToken);
        return outcome.StatusCode is 200 ? Page(outcome) : ErrorPage(outcome.StatusCode!.Value);
    }

    private static FaceResponse Page(RouteOutcome outcome) => outcome.Service!.Name == "frontend"
        ? FaceResponse.Text(
            HttpStatusCode.OK, "<!DOCTYPE html>\n<html><head><title>Simple Contacts Management</title></head><body><div id=\"app\"></div></body></html>\n", "text/html; charset=utf-8")
        : FaceResponse.Json(HttpStatusCode.OK, new JsonArray(), "application/json; charset=utf-8");

    /// <summary>What the ingress controller says when no pod does.</summary>
    private static FaceResponse ErrorPage(int code)
    {
        var title = code switch
        {
            404 => "404 Not Found",
            502 => "502 Bad Gateway",
            503 => "503 Service Temporarily Unavailable",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The ingress controller has no page for it."),
        };
        return FaceResponse.Text(
            (HttpStatusCode)code,
            $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            "text/html");
    }
}
