using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes.Patches;

/// <summary>JSON merge patch: objects merge, null removes, everything else replaces.</summary>
/// <remarks>Source: RFC 7386.</remarks>
internal static class JsonMergePatch
{
    /// <summary>The object with the patch in it; neither is changed.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        Merge(result, patch);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject members:
                    if (target[name] is not JsonObject existing) target[name] = existing = [];
                    Merge(existing, members);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }
}
