using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Tests.Fakes;

/// <content>Objects of any kind: found, made, changed by merge patches, replaced and deleted. Selectors go by the name only.</content>
public sealed partial class FakeCluster
{
    public Task<ApiResource?> FindResourceAsync(string apiVersion, string kind, CancellationToken cancellationToken) =>
        Task.FromResult<ApiResource?>(null);

    public Task<JsonElement?> FindObjectAsync(ObjectReference reference, CancellationToken cancellationToken) =>
        Task.FromResult(Find(reference) is { } item ? JsonSerializer.SerializeToElement(item) : (JsonElement?)null);

    public Task<JsonElement> ListObjectsAsync(ApiResource resource, string? @namespace, ObjectQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(JsonSerializer.SerializeToElement(new JsonObject
        {
            ["items"] = new JsonArray([.. Objects
                .Where(item => Is(item, resource, @namespace) && (query.FieldSelector is null || query.FieldSelector == $"metadata.name={item["metadata"]!["name"]}"))
                .Select(static item => item.DeepClone())]),
        }));

    public Task<JsonElement> CreateObjectAsync(
        ApiResource resource, string? @namespace, JsonObject body, bool dryRun, CancellationToken cancellationToken)
    {
        var made = (JsonObject)body.DeepClone();
        made["kind"] = resource.Kind;
        if (@namespace is not null) made["metadata"]!["namespace"] = @namespace;
        var reference = new ObjectReference(resource, @namespace, (string)made["metadata"]!["name"]!);
        if (Find(reference) is not null) throw ChaosErrors.ClusterConflict($"create {reference}", "fake", "it exists");
        Change(dryRun, $"create {reference}", () => Objects.Add(made));
        return Answer(made);
    }

    public Task<JsonElement> PatchObjectAsync(ObjectReference reference, ObjectPatch patch, bool dryRun, CancellationToken cancellationToken)
    {
        var old = Existing(reference);
        if (!dryRun && Meanwhile.TryDequeue(out var write))
        {
            write(old);
            throw ChaosErrors.ClusterConflict($"patch {reference}", "fake", "the object has been modified");
        }

        var changed = (JsonObject)Merge(old, patch.Body)!;
        Change(dryRun, $"patch {reference}", () => Objects[Objects.IndexOf(old)] = changed);
        return Answer(changed);
    }

    public Task<JsonElement> ReplaceObjectAsync(ObjectReference reference, JsonObject body, bool dryRun, CancellationToken cancellationToken)
    {
        var old = Existing(reference);
        Change(dryRun, $"update {reference}", () => Objects[Objects.IndexOf(old)] = (JsonObject)body.DeepClone());
        return Answer(body);
    }

    public Task<JsonElement> DeleteObjectAsync(ObjectReference reference, ObjectDeletion deletion, bool dryRun, CancellationToken cancellationToken)
    {
        var old = Existing(reference);
        Change(dryRun, $"delete {reference}", () => Objects.Remove(old));
        return Answer(old);
    }

    public Task<string> ReadPodLogAsync(string @namespace, string pod, PodLogQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(Logs.TryGetValue(pod, out var log) ? log : throw ChaosErrors.ClusterObjectNotFound($"get pods/log '{pod}'", "fake", "no log"));

    public Task<PodCommandResult> RunInPodAsync(
        string @namespace, string pod, string container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Changes.Add($"run {pod}/{container}: {string.Join(' ', command)}");
        return Task.FromResult(new PodCommandResult(0, "done", ""));
    }

    /// <summary>What somebody else writes into an object between its being read and its patch, which then fails.</summary>
    public Queue<Action<JsonObject>> Meanwhile { get; } = [];

    /// <summary>Logs by the names of pods.</summary>
    public Dictionary<string, string> Logs { get; } = [];

    private void Change(bool dryRun, string what, Action change)
    {
        if (dryRun) return;
        Changes.Add(what);
        change();
    }

    private JsonObject? Find(ObjectReference reference) =>
        Objects.Find(item => Is(item, reference.Resource, reference.Namespace) && (string?)item["metadata"]!["name"] == reference.Name);

    private JsonObject Existing(ObjectReference reference) =>
        Find(reference) ?? throw ChaosErrors.ClusterObjectNotFound($"change {reference}", "fake", "not found");

    private static bool Is(JsonObject item, ApiResource resource, string? @namespace) =>
        (string?)item["kind"] == resource.Kind && (@namespace is null || (string?)item["metadata"]!["namespace"] == @namespace);

    private static Task<JsonElement> Answer(JsonObject item) => Task.FromResult(JsonSerializer.SerializeToElement(item));

    private static JsonNode? Merge(JsonNode? old, JsonNode? patch)
    {
        if (patch is not JsonObject members) return patch?.DeepClone();
        var merged = old is JsonObject existing ? (JsonObject)existing.DeepClone() : [];
        foreach (var (name, value) in members)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = Merge(merged[name], value);
        }

        return merged;
    }
}
