using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary><c>chaosk8s.crd</c>: objects of any kind that the cluster knows, in a namespace or of the cluster.</summary>
internal static class CustomObjectActivities
{
    private const string Actions = "chaosk8s.crd.actions";
    private const string Probes = "chaosk8s.crd.probes";

    private static readonly ActivityArgument[] s_kind =
    [
        Argument.Needed("group", "the API group, such as chaos-mesh.org."),
        Argument.Needed("version", "the group's version, such as v1alpha1."),
        Argument.Needed("plural", "the kind's name in paths, such as networkchaos."),
    ];

    private static readonly ActivityArgument[] s_content =
    [
        new("resource", ArgumentType.Mapping, Required: false, "the object."),
        Argument.Text("resource_as_yaml_file", "a file with the object, when resource is not given."),
    ];

    private static readonly ActivityArgument[] s_patch =
    [
        new("resource", ArgumentType.MappingOrList, Required: false, "a JSON Patch, which is a list of operations; or the object with the fields that change."),
        Argument.Text("resource_as_yaml_file", "a file with the patch, when resource is not given."),
    ];

    private static readonly ActivityArgument s_force = Argument.Flag("force", "has no effect: nothing here is applied by the server.");

    public static IReadOnlyList<NativeActivity> All { get; } =
    [
        Apply("apply_from_json", "JSON"),
        Apply("apply_from_yaml", "YAML"),
        .. OfScope(namespaced: true),
        .. OfScope(namespaced: false),
    ];

    private static IEnumerable<NativeActivity> OfScope(bool namespaced)
    {
        var what = namespaced ? "custom_object" : "cluster_custom_object";
        var where = namespaced ? "in a namespace" : "of the cluster";
        ActivityArgument[] space = namespaced ? [Argument.Namespace] : [];
        ActivityArgument[] one = [.. s_kind, Argument.Name("object"), .. space];
        yield return new KubernetesAction(
            Actions, $"create_{what}", $"Makes an object {where}.", [.. s_kind, .. space, .. s_content],
            async (call, token) =>
            {
                var (step, existing) = await Steps.CreateAsync(call, Kind(call, namespaced), namespaced ? call.Namespace : null, Content(call), token);
                return ActionPlan.Answering(step, existing);
            });
        yield return new KubernetesAction(
            Actions, $"delete_{what}", $"Deletes an object {where}.", one,
            async (call, token) => ActionPlan.Answering(await Steps.DeleteAsync(call, call.Named(Kind(call, namespaced)), token)));
        yield return new KubernetesAction(
            Actions, $"patch_{what}", $"Changes fields of an object {where}.", [.. one, s_force, .. s_patch],
            async (call, token) => ActionPlan.Answering(await Steps.PatchAsync(call, call.Named(Kind(call, namespaced)), Patch(call), token)));
        yield return new KubernetesAction(
            Actions, $"replace_{what}", $"Makes another object of one {where}.", [.. one, s_force, .. s_content],
            async (call, token) => ActionPlan.Answering(await Steps.ReplaceAsync(call, call.Named(Kind(call, namespaced)), Content(call), token)));
        yield return new KubernetesProbe(
            Probes, $"get_{what}", $"An object {where}.", one,
            async (call, token) => await GetAsync(call, call.Named(Kind(call, namespaced)), token));
        yield return new KubernetesProbe(
            Probes, $"list_{what}s", $"The objects of a kind {where}, as the API lists them.", [.. s_kind, .. space],
            async (call, token) => JsonValues.FromJson(await call.Cluster.ListObjectsAsync(
                Kind(call, namespaced), namespaced ? call.Namespace : null, new ObjectQuery(), token)));
    }

    /// <summary>An object as the API has it.</summary>
    public static async Task<object?> GetAsync(KubernetesCall call, ObjectReference reference, CancellationToken cancellationToken) =>
        await call.Cluster.FindObjectAsync(reference, cancellationToken) is { } found
            ? JsonValues.FromJson(found)
            : throw await call.NothingMatchedAsync(
                reference.Resource, reference.Namespace, $"{reference.Resource.Plural} '{reference.Name}'", cancellationToken);

    private static KubernetesAction Apply(string function, string format) => new(
        Actions, function, $"Makes an object of a text of {format}, or changes the one that is there to what the text says.",
        [Argument.Needed("resource", $"the object as {format}, with apiVersion, kind and metadata.")],
        static async (call, token) =>
        {
            var body = call.Files.Parse(call.Arguments.Text("resource"), "resource");
            var resource = await KindAsync(call, body, token);
            var space = resource.Namespaced ? (string?)body["metadata"]?["namespace"] ?? "default" : null;
            var reference = new ObjectReference(resource, space, (string?)body["metadata"]?["name"] ?? "");
            if (reference.Name.Length > 0 && await call.Cluster.FindObjectAsync(reference, token) is not null)
                return ActionPlan.Answering(await Steps.PatchAsync(call, reference, new ObjectPatch(PatchKind.Merge, body), token));
            var (step, existing) = await Steps.CreateAsync(call, resource, space, body, token);
            return ActionPlan.Answering(step, existing);
        });

    private static async Task<ApiResource> KindAsync(KubernetesCall call, JsonObject body, CancellationToken cancellationToken)
    {
        var (apiVersion, kind) = ((string?)body["apiVersion"], (string?)body["kind"]);
        if (string.IsNullOrEmpty(apiVersion) || string.IsNullOrEmpty(kind)) throw ChaosErrors.SpecFileInvalid("resource", "it has no apiVersion or no kind");
        return await call.Cluster.FindResourceAsync(apiVersion, kind, cancellationToken) ?? throw ChaosErrors.KindUnknown(call.Activity, apiVersion, kind);
    }

    /// <summary>The kind in words is its plural: nothing else is given.</summary>
    private static ApiResource Kind(KubernetesCall call, bool namespaced)
    {
        var plural = call.Arguments.Text("plural");
        return new ApiResource(call.Arguments.Text("group"), call.Arguments.Text("version"), plural, plural, namespaced);
    }

    private static JsonObject Content(KubernetesCall call) => Given(call) as JsonObject
        ?? throw ChaosErrors.ArgumentInvalid(call.Activity, "resource", "a mapping, unless resource_as_yaml_file is given", "None");

    private static ObjectPatch Patch(KubernetesCall call) => Given(call) switch
    {
        JsonArray operations => new ObjectPatch(PatchKind.Json, operations),
        JsonObject fields => new ObjectPatch(PatchKind.Merge, fields),
        _ => throw ChaosErrors.ArgumentInvalid(call.Activity, "resource", "a JSON Patch or a mapping, unless resource_as_yaml_file is given", "None"),
    };

    private static JsonNode? Given(KubernetesCall call) =>
        call.Arguments.Value("resource") is { } value ? JsonValues.ToJson(value)
        : call.Arguments.OptionalText("resource_as_yaml_file") is { } path ? call.Files.ReadAny(path)
        : null;
}
