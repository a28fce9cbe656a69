using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Rules;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>POST to the subresource <c>eviction</c> of a pod.</summary>
internal static class EvictionRequest
{
    /// <summary>Evicts the pod, or says why not.</summary>
    public static JsonObject Answer(FaceRequest request, ResourcePath path, ObjectStore store)
    {
        var eviction = RequestBody.Read(request, "Eviction", "policy/v1");
        var shape = new Shape(eviction);
        var name = shape.Object(eviction, "metadata")["name"]?.ToString();
        if (!string.IsNullOrEmpty(name) && name != path.Name) throw StatusException.BadRequest("name in URL does not match name in Eviction object");
        var item = store.Get(path.Type, path.Namespace!, path.Name!);

        var options = shape.Object(eviction, "deleteOptions");
        shape.Counts(options, "gracePeriodSeconds");
        var isDryRun = WriteOptions.Of(request).IsDryRun || shape.List(options, "dryRun").Any(entry => entry?.ToString() == "All");
        if (shape.Object(options, "preconditions")["uid"]?.ToString() is { } uid && uid != item.Uid) throw StatusException.UidConflict(item.Type, item.Name, uid, item.Uid ?? "");
        var outcome = store.Simulation.Evict((SimulatedPod)item.Live!, (int?)options["gracePeriodSeconds"], isDryRun);
        if (!outcome.Evicted) throw StatusException.Eviction(outcome);
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = outcome.StatusCode };
    }
}
