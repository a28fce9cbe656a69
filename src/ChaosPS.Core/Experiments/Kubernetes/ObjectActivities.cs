using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>The activities that are the same for many kinds.</summary>
internal static class ObjectActivities
{
    /// <summary>Makes an object that a file describes.</summary>
    public static KubernetesAction Create(string module, string function, ApiResource resource) => new(
        module, function, $"Makes a {resource.Kind} that a file describes.", [Argument.SpecPath, Argument.Namespace],
        (call, token) => PlanCreateAsync(call, resource, call.Files.Read(call.Arguments.Text("spec_path")), token));

    /// <summary>Deletes the object of a name.</summary>
    public static KubernetesAction Delete(string module, string function, ApiResource resource) => new(
        module, function, $"Deletes a {resource.Kind}.",
        [Argument.Name(resource.Kind), .. resource.Namespaced ? [Argument.Namespace] : Array.Empty<ActivityArgument>()],
        (call, token) => PlanDeleteAsync(call, call.Named(resource), token));

    /// <summary>Deletes the object of a name, or those of a label selector.</summary>
    public static KubernetesAction DeleteMatching(string module, string function, ApiResource resource) => new(
        module, function, $"Deletes a {resource.Kind} by its name, or those of a label selector.",
        [Argument.OptionalName(resource.Kind), Argument.Namespace, Argument.LabelSelector],
        async (call, token) => new ActionPlan(await MatchingAsync(call, resource, token)));

    /// <summary>Changes an object by what the argument <c>spec</c> says of it.</summary>
    public static KubernetesAction Update(string module, string function, ApiResource resource) => new(
        module, function, $"Changes fields of a {resource.Kind}.",
        [
            Argument.Name(resource.Kind),
            Argument.Map("spec", "what is changed: the object with those fields only, such as {spec: {minReadySeconds: 5}}.", required: true),
            Argument.Namespace,
        ],
        async (call, token) => new ActionPlan(
        [
            await Steps.PatchAsync(call, call.Named(resource), new ObjectPatch(PatchKind.Strategic, JsonValues.ToJson(call.Arguments.Value("spec"))!), token),
        ]));

    /// <summary>Sets the replicas of a workload.</summary>
    public static KubernetesAction Scale(string module, string function, ApiResource resource) => new(
        module, function, $"Sets the replicas of a {resource.Kind}.",
        [Argument.Name(resource.Kind), Argument.NeededNumber("replicas", "how many, 0 or more."), Argument.Namespace],
        async (call, token) => new ActionPlan([await Steps.ScaleAsync(call, call.Named(resource), call.Arguments.Number("replicas"), token)]));

    /// <summary>The plan that makes one object and says nothing.</summary>
    public static async Task<ActionPlan> PlanCreateAsync(
        KubernetesCall call, ApiResource resource, JsonObject body, CancellationToken cancellationToken)
    {
        var (step, _) = await Steps.CreateAsync(call, resource, resource.Namespaced ? call.Namespace : null, body, cancellationToken);
        return new ActionPlan(step is null ? [] : [step]);
    }

    /// <summary>The plan that deletes one object and says nothing.</summary>
    public static async Task<ActionPlan> PlanDeleteAsync(KubernetesCall call, ObjectReference reference, CancellationToken cancellationToken) =>
        new(await Steps.DeleteAsync(call, reference, cancellationToken) is { } step ? [step] : []);

    private static async Task<IReadOnlyList<ObjectStep>> MatchingAsync(KubernetesCall call, ApiResource resource, CancellationToken cancellationToken)
    {
        var name = call.Arguments.OptionalText("name");
        if (name is not null) return await Steps.DeleteAsync(call, call.Named(resource), cancellationToken) is { } one ? [one] : [];
        if (call.Arguments.OptionalText("label_selector") is not { } labels)
        {
            throw ChaosErrors.SelectionMissing(
                call.Activity, "has neither a name nor a label_selector", $"{resource.Plural} of namespace '{call.Namespace}'", "Name it, or select by labels.");
        }

        var found = await call.FindAllAsync(resource, null, labels, cancellationToken);
        if (found.Count == 0 && call.Phase != RunPhase.Rollbacks && !(call.IsPlan && call.MakesSome(resource)))
            throw await call.NothingMatchedAsync(resource, call.Namespace, $"{resource.Plural} with the labels '{labels}'", cancellationToken);
        return [.. found.Select(item => Steps.Delete(new ObjectReference(resource, call.Namespace, Manifest.Name(item)), item))];
    }
}
