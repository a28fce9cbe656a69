using System.Text.Json;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>One activity on Kubernetes, planned or carried out: its arguments and what it works with.</summary>
internal sealed record KubernetesCall
{
    /// <summary>An activity whose turn has come.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="declared">The arguments that it has.</param>
    /// <param name="given">Those that the experiment gives, placeholders filled.</param>
    public static KubernetesCall Of(ActivityContext context, IReadOnlyList<ActivityArgument> declared, IReadOnlyDictionary<string, object?> given) => new()
    {
        Activity = context.Activity,
        Arguments = new ActivityArguments(context.Activity, declared, given),
        Connection = context.Connection,
        Files = context.Files,
        Random = context.Random,
        Phase = context.Phase,
        IsPlan = false,
        Others = context.All,
        Chosen = context.Targets,
    };

    /// <summary>The activity's name in the experiment.</summary>
    public required string Activity { get; init; }

    /// <summary>Its arguments.</summary>
    public required ActivityArguments Arguments { get; init; }

    /// <summary>The cluster and its clock.</summary>
    public required ChaosConnection Connection { get; init; }

    /// <summary>Reads the files that the experiment names.</summary>
    public required SpecFiles Files { get; init; }

    /// <summary>Makes choices.</summary>
    public required Random Random { get; init; }

    /// <summary>The part of the run that the activity belongs to.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>Whether nothing is changed yet: what earlier activities make is not there, and what they delete still is.</summary>
    public required bool IsPlan { get; init; }

    /// <summary>What other activities of the run were resolved to; while it is planned, those before this one.</summary>
    public required IReadOnlyList<ActivityTarget> Others { get; init; }

    /// <summary>What this one was resolved to before the run: random choices stay with it as long as it is there.</summary>
    public IReadOnlyList<ActivityTarget> Chosen { get; init; } = [];

    /// <summary>The API.</summary>
    public ICluster Cluster => Connection.Cluster;

    /// <summary>The argument <c>ns</c>.</summary>
    public string Namespace => Arguments.Text("ns");

    /// <summary>Whether the run itself makes the object.</summary>
    public bool Makes(ObjectReference reference) => Involves(reference, "create");

    /// <summary>Whether the run itself makes objects of the kind in the call's namespace, which a plan cannot select yet.</summary>
    public bool MakesSome(ApiResource resource) =>
        Others.Any(target => target is ObjectTarget { Verb: "create" } item && item.Object.Resource == resource && item.Object.Namespace == Namespace);

    /// <summary>Whether an activity of the run deletes the object.</summary>
    public bool Deletes(ObjectReference reference) => Involves(reference, "delete");

    /// <summary>An object of the call's namespace, or of the cluster, by the argument <c>name</c>.</summary>
    public ObjectReference Named(ApiResource resource) => new(resource, resource.Namespaced ? Namespace : null, Arguments.Text("name"));

    /// <summary>The items of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(
        ApiResource resource, string? @namespace, ObjectQuery query, CancellationToken cancellationToken) =>
        [.. (await Cluster.ListObjectsAsync(resource, @namespace, query, cancellationToken)).Items("items")];

    /// <summary>The objects of a name, or of a label selector, or of both.</summary>
    public Task<IReadOnlyList<JsonElement>> FindAllAsync(
        ApiResource resource, string? name, string? labels, CancellationToken cancellationToken) => ListAsync(
            resource, resource.Namespaced ? Namespace : null,
            new ObjectQuery(labels, name is null ? null : ObjectQuery.Named(name).FieldSelector), cancellationToken);

    /// <summary>That what was looked for is not there, with what is.</summary>
    public async Task<ChaosException> NothingMatchedAsync(ApiResource resource, string? @namespace, string what, CancellationToken cancellationToken)
    {
        var space = resource.Namespaced ? @namespace : null;
        var existing = await ListAsync(resource, space, new ObjectQuery(), cancellationToken);
        return ChaosErrors.NothingMatched(
            Activity, space is null ? what : $"{what} in namespace '{space}'", existing.Select(Manifest.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>What a probe says: true; or, when it is not so, that it failed or, without the flag, false.</summary>
    public object? Verdict(bool isSo, string otherwise, string flag) =>
        isSo ? true : Arguments.Flag(flag) ? throw ChaosErrors.ProbeFailed(otherwise) : false;

    private bool Involves(ObjectReference reference, string verb) =>
        Others.Any(target => target is ObjectTarget item && item.Verb == verb && item.Object == reference);
}
