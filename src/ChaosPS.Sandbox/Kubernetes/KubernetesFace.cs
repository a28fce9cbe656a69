using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Access;
using ChaosPS.Sandbox.Kubernetes.Changes;
using ChaosPS.Sandbox.Kubernetes.Discovery;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The Kubernetes API server: reading everything, changing what the simulation can carry out, refusing in a real one's words.</summary>
internal sealed class KubernetesFace(SandboxCluster cluster, IDocumentReader? documents = null) : IFace
{
    private readonly RequestDecoder _decoder = new(documents);

    private readonly KubernetesObjects _objects =
        cluster.Look(simulation => new KubernetesObjects(cluster.Source.Manifests, cluster.Ids, simulation));

    /// <inheritdoc/>
    public Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken) => Task.FromResult(cluster.Look(simulation =>
    {
        try
        {
            return Answer(_decoder.Decode(request), simulation, _objects);
        }
        catch (StatusException refusal)
        {
            return refusal.ToResponse();
        }
    }));

    private FaceResponse Answer(FaceRequest request, ClusterSimulation simulation, KubernetesObjects objects)
    {
        if (ServerInfo.Answer(request, cluster.Source.Snapshot.Version) is { } info) return info;
        if (ResourcePath.Parse(request.Segments) is not { } path) return FaceResponse.Text(HttpStatusCode.NotFound, "404 page not found\n");
        var representation = Representation.Negotiate(request);
        (request, var warnings) = FieldValidation.Check(request, path);
        if (AccessReviews.Answer(request, path) is { } review) return representation.Answer(HttpStatusCode.Created, review, simulation.Now);
        var json = path.Name is { } name ? One(request, path, name, simulation, objects) : List(request, path, simulation, objects);
        return representation.Answer(HttpStatusCode.OK, json, simulation.Now).Warning(warnings);
    }

    private static JsonObject One(FaceRequest request, ResourcePath path, string name, ClusterSimulation simulation, KubernetesObjects objects)
    {
        var type = path.Type;
        var @namespace = path.Namespace ?? "";
        var isScale = (type.Kind, path.Subresource) == ("Deployment", "scale");
        if (path.Subresource is not null && !isScale) throw StatusException.UnknownResource();

        var verb = request.Method.Method;
        return (verb, type.Kind) switch
        {
            ("GET", _) when isScale => DeploymentChange.ReadScale(objects, simulation, @namespace, name),
            ("GET", _) => objects.Get(type, @namespace, name).WriteAlone(),
            ("PUT" or "PATCH", "Deployment") when isScale => DeploymentChange.Scale(request, objects, simulation, @namespace, name),
            ("PUT" or "PATCH", "Deployment") => DeploymentChange.Write(request, objects, simulation, @namespace, name),
            ("PUT" or "PATCH", "Node") => NodeChange.Write(request, objects, simulation, name),
            ("DELETE", "Pod") => PodDeletion.Delete(request, objects, simulation, @namespace, name),
            _ => throw StatusException.MethodNotAllowed(),
        };
    }

    private static JsonObject List(FaceRequest request, ResourcePath path, ClusterSimulation simulation, KubernetesObjects objects)
    {
        if (request.Method != HttpMethod.Get || request.IsSet("watch")) throw StatusException.MethodNotAllowed();
        var fields = FieldSelector.Parse(request.Query("fieldSelector"), path.Type);
        var labels = ParseLabels(request.Query("labelSelector"));
        var selected = objects.List(path.Type, path.Namespace).Where(item => labels.Matches(item.Labels) && fields.Matches(item));

        if (request.Query("continue") is { Length: > 0 } text)
        {
            var token = ContinueToken.Parse(text);
            if (token.ResourceVersion >= 0 && token.ResourceVersion != simulation.ResourceVersion)
            {
                throw StatusException.Expired((token with { ResourceVersion = -1 }).ToString());
            }

            selected = selected.Where(item => string.CompareOrdinal(item.Key, token.Last) > 0);
        }

        ApiObject[] rest = [.. selected];
        var limit = int.TryParse(request.Query("limit"), out var wanted) && wanted > 0 ? wanted : rest.Length;
        var metadata = new JsonObject { ["resourceVersion"] = JsonParts.ResourceVersion(simulation.ResourceVersion) };
        if (rest.Length > limit)
        {
            metadata["continue"] = new ContinueToken(simulation.ResourceVersion, rest[limit - 1].Key).ToString();
            metadata["remainingItemCount"] = rest.Length - limit;
        }

        return new JsonObject
        {
            ["kind"] = path.Type.Kind + "List",
            ["apiVersion"] = path.Type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. rest.Take(limit).Select(item => item.Write())]),
        };
    }

    private static LabelSelector ParseLabels(string? text)
    {
        try
        {
            return LabelSelector.Parse(text ?? "");
        }
        catch (ChaosException exception)
        {
            throw StatusException.BadRequest($"unable to parse requirement: {exception.Message}");
        }
    }
}
