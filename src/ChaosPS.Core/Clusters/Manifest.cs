using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Clusters;

/// <summary>What people write of an object, without what the API server and controllers write into it.</summary>
internal static class Manifest
{
    private static readonly string[] s_serversOwn =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
    ];

    /// <summary>The part of an object that a client can write again.</summary>
    public static JsonObject Of(JsonElement item)
    {
        var manifest = JsonSerializer.SerializeToNode(item)!.AsObject();
        manifest.Remove("status");
        if (manifest["metadata"] is JsonObject metadata)
        {
            foreach (var field in s_serversOwn) metadata.Remove(field);
        }

        return manifest;
    }

    /// <summary>Whether a controller owns the object, and makes another one when it is gone.</summary>
    public static bool HasController(JsonElement item) => item.Items("metadata", "ownerReferences").Any(static owner => owner.Flag("controller"));

    /// <summary>Whether somebody has to clean up before the object is gone, outside the object.</summary>
    public static bool HasFinalizers(JsonElement item) => item.Items("metadata", "finalizers").Any();

    /// <summary>The object's uid; empty when it has none.</summary>
    public static string Uid(JsonElement item) => item.Text("metadata", "uid") ?? "";

    /// <summary>The object's name; empty when it has none.</summary>
    public static string Name(JsonElement item) => item.Text("metadata", "name") ?? "";
}
