using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Discovery;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Sandbox.Kubernetes.Access;

/// <summary>
/// What the user may do, as <c>kubectl auth</c> asks it. The sandbox has one user, who may do everything that it serves; what it does
/// not serve is not allowed, so that a script finds out before it fails.
/// </summary>
internal static class AccessReviews
{
    private const string Any = "*";

    /// <summary>Answers a review; null when the resource is no review.</summary>
    /// <exception cref="StatusException">The body is no review, or the client wants something else than an answer.</exception>
    public static JsonObject? Answer(FaceRequest request, ResourcePath path, ServedTypes types)
    {
        Func<JsonObject, JsonObject>? answer = path.Type.Kind switch
        {
            "SelfSubjectAccessReview" => review => Access(review, types),
            "SelfSubjectRulesReview" => _ => Rules(types),
            "SelfSubjectReview" => _ => User(),
            _ => null,
        };
        if (answer is null) return null;
        if (request.Method != HttpMethod.Post || path.Name is not null) throw StatusException.MethodNotAllowed();
        var review = Parse(request);
        return new JsonObject
        {
            ["kind"] = path.Type.Kind,
            ["apiVersion"] = path.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
            ["spec"] = review["spec"]?.DeepClone() ?? new JsonObject(),
            ["status"] = answer(review),
        };
    }

    private static JsonObject Access(JsonObject review, ServedTypes types)
    {
        if (review.Find("spec.nonResourceAttributes") is JsonObject address)
        {
            return Verdict(IsPath(address.Text("path"), address.Text("verb")), "the sandbox does not serve this path");
        }

        if (review.Find("spec.resourceAttributes") is JsonObject resource) return Verdict(IsServed(resource, types), "the sandbox does not serve this");
        throw StatusException.BadRequest("spec: Required value: exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }

    private static bool IsPath(string path, string verb) =>
        verb is "get" or Any && (path == Any || ServerInfo.Paths.Contains(path));

    private static bool IsServed(JsonObject attributes, ServedTypes types)
    {
        var (group, resource, part, verb) =
            (attributes.Text("group"), attributes.Text("resource"), attributes.Text("subresource"), attributes.Text("verb"));
        return types.All
            .Where(type => (group == Any || group == type.Group) && (resource == Any || resource == type.Plural))
            .SelectMany(type => part.Length == 0 ? [type.Verbs] : type.Subresources.Where(known => part == Any || part == known.Name).Select(known => known.Verbs))
            .Any(verbs => verb == Any || verbs.Contains(verb));
    }

    private static JsonObject Verdict(bool isAllowed, string why)
    {
        var status = new JsonObject { ["allowed"] = isAllowed };
        if (!isAllowed) status["reason"] = why;
        return status;
    }

    private static JsonObject Rules(ServedTypes types)
    {
        var resources = types.All.SelectMany(type => type.Subresources
            .Select(part => (type.Group, Name: $"{type.Plural}/{part.Name}", part.Verbs))
            .Prepend((type.Group, Name: type.Plural, type.Verbs)));
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. resources.GroupBy(rule => (rule.Group, Verbs: string.Join(',', rule.Verbs))).Select(rule => new JsonObject
            {
                ["verbs"] = Texts(rule.First().Verbs),
                ["apiGroups"] = Texts([rule.Key.Group]),
                ["resources"] = Texts(rule.Select(item => item.Name)),
            })]),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = Texts(["get"]), ["nonResourceURLs"] = Texts(ServerInfo.Paths) }),
            ["incomplete"] = false,
        };
    }

    private static JsonObject User() => new()
    {
        ["userInfo"] = new JsonObject { ["username"] = "sandbox", ["groups"] = Texts(["system:masters", "system:authenticated"]) },
    };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonObject Parse(FaceRequest request)
    {
        if (request.ContentType is not (null or "application/json")) throw StatusException.UnsupportedMediaType();
        try
        {
            return JsonNode.Parse(request.Body) as JsonObject ?? throw StatusException.BadRequest("the body is no JSON object");
        }
        catch (JsonException exception)
        {
            throw StatusException.BadRequest($"json parse error: {exception.Message}");
        }
    }
}
