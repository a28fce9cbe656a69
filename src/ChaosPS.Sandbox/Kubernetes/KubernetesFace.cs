using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Access;
using ChaosPS.Sandbox.Kubernetes.Discovery;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Requests;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The Kubernetes API server: every object of the cluster, read, written and watched, and refusals in a real one's words.</summary>
internal sealed class KubernetesFace(SandboxCluster cluster, IDocumentReader? documents = null) : IFace
{
    private readonly RequestDecoder _decoder = new(documents);
    private readonly ObjectStore _store = cluster.Look(simulation => new ObjectStore(cluster.Source, cluster.Ids, simulation));

    /// <summary>The types that it serves at the moment.</summary>
    public ServedTypes Types => _store.Types;

    /// <inheritdoc/>
    public async Task<FaceResponse> AnswerAsync(FaceRequest request, CancellationToken cancellationToken)
    {
        var answer = AnswerOrRefuse(request);
        if (answer.Delay > TimeSpan.Zero) await cluster.Time.DelayAsync(answer.Delay, cancellationToken);
        return IsForPeople(request) ? answer.Indented() : answer;
    }

    private FaceResponse AnswerOrRefuse(FaceRequest request) => cluster.Look(_ =>
    {
        try
        {
            return Answer(_decoder.Decode(request));
        }
        catch (StatusException refusal)
        {
            return refusal.ToResponse();
        }
        catch (ChaosException unreadable)
        {
            // Core could not make sense of an object that a client wrote.
            return StatusException.BadRequest(unreadable.Message).ToResponse();
        }
    });

    private FaceResponse Answer(FaceRequest request)
    {
        if (ServerInfo.Answer(request, cluster.Source.Snapshot.Version, _store.Types) is { } info) return info;
        if (ResourcePath.Parse(request.Segments, _store.Types) is not { } path) return FaceResponse.Text(HttpStatusCode.NotFound, "404 page not found\n");
        var representation = Representation.Negotiate(request, withProtobuf: !IsWatch(request) && ProtobufWriter.Knows(path.Type.ApiVersion, path.Type.Kind));
        (request, var warnings) = FieldValidation.Check(request, path);
        if (AccessReviews.Answer(request, path, _store.Types) is { } review) return representation.Answer(HttpStatusCode.Created, review, _store.Simulation.Now);
        if (path is { Type.Kind: "Pod", Subresource: "attach" or "portforward" }) throw NoProcesses(path);
        var verb = VerbOf(request, path);
        if (path is { Type.Kind: "Pod", Subresource: "log" }) return LogRequest.Answer(request, path, _store, cluster);
        if (path is { Type.Kind: "Pod", Subresource: "exec" }) return ExecRequest.Answer(request, path, _store, cluster);
        if (verb == "watch") return new WatchRequest(request, path, _store, cluster, representation).Answer();
        var (status, json) = path.Subresource is null ? Object(verb, request, path) : Part(verb, request, path, path.Subresource);
        return representation.Answer(status, json, _store.Simulation.Now).Warning(warnings);
    }

    private (HttpStatusCode Status, JsonObject Json) Object(string verb, FaceRequest request, ResourcePath path) => verb switch
    {
        "list" => (HttpStatusCode.OK, ListRequest.Answer(request, path, _store)),
        "get" => (HttpStatusCode.OK, Read(request, path)),
        "create" => (HttpStatusCode.Created, new WriteRequest(request, path, _store).Create()),
        "update" or "patch" => new WriteRequest(request, path, _store).Change(),
        "delete" => (HttpStatusCode.OK, new DeleteRequest(request, path, _store).One()),
        _ => (HttpStatusCode.OK, new DeleteRequest(request, path, _store).Several()),
    };

    private (HttpStatusCode Status, JsonObject Json) Part(string verb, FaceRequest request, ResourcePath path, string part) => (part, verb) switch
    {
        ("status", "get") => (HttpStatusCode.OK, Read(request, path)),
        ("status", _) => new WriteRequest(request, path, _store).Change(),
        ("scale", "get") => (HttpStatusCode.OK, new ScaleRequest(request, path, _store).Read()),
        ("scale", _) => (HttpStatusCode.OK, new ScaleRequest(request, path, _store).Change()),
        ("eviction", _) => (HttpStatusCode.Created, EvictionRequest.Answer(request, path, _store)),
        _ => throw StatusException.UnknownResource(),
    };

    private JsonObject Read(FaceRequest request, ResourcePath path)
    {
        ResourceVersions.Read(request, _store.Simulation.ResourceVersion);
        _store.History(path.Type);
        var item = _store.Get(path.Type, path.Namespace ?? "", path.Name!);
        return JsonParts.Alone(path.Type, _store.KindOf(path.Type).Write(item));
    }

    private StatusException NoProcesses(ResourcePath path)
    {
        var item = _store.Get(path.Type, path.Namespace!, path.Name!);
        return StatusException.BadRequest($"the pod \"{item.Name}\" cannot be reached: no real process runs in a container of the sandbox");
    }

    /// <summary>Whether a person reads the answer: browsers and the like get JSON in lines, as from a real API server.</summary>
    private static bool IsForPeople(FaceRequest request) => request.Query("pretty") is { Length: > 0 }
        ? request.IsSet("pretty")
        : request.UserAgent.StartsWith("curl", StringComparison.Ordinal) || request.UserAgent.StartsWith("Wget", StringComparison.Ordinal)
            || request.UserAgent.StartsWith("Mozilla/5.0", StringComparison.Ordinal);

    private static bool IsWatch(FaceRequest request) => request.IsSet("watch") || request.Query("watch") == "";

    /// <summary>What a request does, in the words of discovery.</summary>
    /// <exception cref="StatusException">The resource does not do that.</exception>
    private static string VerbOf(FaceRequest request, ResourcePath path)
    {
        var isOne = path.Name is not null;
        var verb = request.Method.Method switch
        {
            "GET" or "HEAD" => isOne ? "get" : IsWatch(request) ? "watch" : "list",
            "POST" when !isOne || path.Subresource is not null => "create",
            "PUT" when isOne => "update",
            "PATCH" when isOne => "patch",
            "DELETE" => isOne ? "delete" : "deletecollection",
            _ => "",
        };
        var part = path.Subresource is { } name ? path.Type.Subresources.FirstOrDefault(known => known.Name == name) ?? throw StatusException.UnknownResource() : null;
        return (part?.Verbs ?? path.Type.Verbs).Contains(verb) ? verb : throw StatusException.MethodNotAllowed();
    }
}
