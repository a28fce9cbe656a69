using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Ports;

/// <content>Objects of any kind, custom resources included, as the API writes them.</content>
public partial interface ICluster
{
    /// <summary>The kind of objects of that name; null when the API does not know it.</summary>
    /// <param name="apiVersion">As objects say it: <c>apps/v1</c>, <c>v1</c>.</param>
    /// <param name="kind">As objects say it: <c>Deployment</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<ApiResource?> FindResourceAsync(string apiVersion, string kind, CancellationToken cancellationToken);

    /// <summary>An object; null when there is none of that name.</summary>
    Task<JsonElement?> FindObjectAsync(ObjectReference reference, CancellationToken cancellationToken);

    /// <summary>A list as the API writes it, with its kind and its items.</summary>
    /// <param name="resource">The kind.</param>
    /// <param name="namespace">The namespace; null for all of them, and for objects of the cluster.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<JsonElement> ListObjectsAsync(ApiResource resource, string? @namespace, ObjectQuery query, CancellationToken cancellationToken);

    /// <summary>Makes an object.</summary>
    /// <param name="resource">The kind.</param>
    /// <param name="namespace">The namespace; null for an object of the cluster.</param>
    /// <param name="body">The object; it is not changed.</param>
    /// <param name="dryRun">Only ask what would come of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The object as the API has it then.</returns>
    /// <exception cref="ChaosPS.Errors.ChaosException">Among others: there is one of that name (kind Conflict).</exception>
    Task<JsonElement> CreateObjectAsync(ApiResource resource, string? @namespace, JsonObject body, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Changes an object; returns it as it is then.</summary>
    Task<JsonElement> PatchObjectAsync(ObjectReference reference, ObjectPatch patch, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Makes an object what <paramref name="body"/> says; when that has a resource version, on condition that the object still has it.</summary>
    Task<JsonElement> ReplaceObjectAsync(ObjectReference reference, JsonObject body, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Deletes an object. It returns when the deletion has begun.</summary>
    /// <returns>What the API answers: a status, or the object that is on its way out.</returns>
    /// <exception cref="ChaosPS.Errors.ChaosException">It is gone (kind NotFound), or another one has its name (kind Conflict).</exception>
    Task<JsonElement> DeleteObjectAsync(ObjectReference reference, ObjectDeletion deletion, bool dryRun, CancellationToken cancellationToken);

    /// <summary>The log of a container, each line with its time.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">Among others: the pod has several containers and none is named (kind InvalidArgument).</exception>
    Task<string> ReadPodLogAsync(string @namespace, string pod, PodLogQuery query, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container, without input, and waits for its end.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">It could not be started (id <c>PodCommandFailed</c>), or did not end in time (<c>PodCommandTimeout</c>).</exception>
    Task<PodCommandResult> RunInPodAsync(
        string @namespace, string pod, string container, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken);
}
