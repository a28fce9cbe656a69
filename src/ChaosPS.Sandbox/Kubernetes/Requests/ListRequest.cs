using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandbox.Kubernetes.Store;
using ChaosPS.Sandbox.Kubernetes.Writers;

namespace ChaosPS.Sandbox.Kubernetes.Requests;

/// <summary>GET of several objects, whole or page by page.</summary>
internal static class ListRequest
{
    /// <summary>
    /// The list. A later page has the present state of its objects and the first page's version: whoever watches from that version on
    /// hears of every change in between, so nothing is missed.
    /// </summary>
    public static JsonObject Answer(FaceRequest request, ResourcePath path, ObjectStore store)
    {
        var selection = Selection.Of(request, path, store);
        var current = store.Simulation.ResourceVersion;
        var wanted = ResourceVersions.Read(request, current);
        if (request.Query("resourceVersionMatch") == "Exact" && wanted != current) throw StatusException.TooOldList();
        store.History(path.Type);

        var (version, after) = (current, "");
        if (request.Query("continue") is { Length: > 0 } text)
        {
            var token = ContinueToken.Parse(text);
            if (token.ResourceVersion >= 0)
            {
                if (token.ResourceVersion < store.CompactedVersion) throw StatusException.Expired((token with { ResourceVersion = -1 }).ToString());
                version = token.ResourceVersion;
            }

            after = selection.Namespace is { } home ? $"{home}/{token.Last}" : token.Last;
        }

        var limit = int.TryParse(request.Query("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0 ? asked : int.MaxValue;
        var items = new JsonArray();
        string? last = null;
        var left = 0;
        foreach (var item in selection.In(store, after))
        {
            if (items.Count < limit)
            {
                items.Add((JsonNode)store.KindOf(path.Type).Write(item));
                last = selection.Namespace is null ? item.Key : item.Name;
            }
            else
            {
                left++;
                if (!selection.IsWhole) break;
            }
        }

        var metadata = new JsonObject { ["resourceVersion"] = JsonParts.Number(version) };
        if (left > 0)
        {
            metadata["continue"] = new ContinueToken(version, last!).ToString();

            // With a selector nobody knows how many are to come.
            if (selection.IsWhole) metadata["remainingItemCount"] = left;
        }

        return new JsonObject
        {
            ["kind"] = path.Type.Kind + "List",
            ["apiVersion"] = path.Type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = items,
        };
    }
}
