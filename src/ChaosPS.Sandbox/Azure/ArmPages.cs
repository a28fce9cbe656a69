using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Faults;
using ChaosPS.Sandbox.Http;
using ChaosPS.Sandboxes;

namespace ChaosPS.Sandbox.Azure;

/// <summary>Cuts lists into pages, as ARM does: where more follows, <c>nextLink</c> is the address of the next one, with everything that was asked for.</summary>
/// <remarks>Source: https://learn.microsoft.com/rest/api/azure/#async-operations-throttling-and-paging . How large a page is, ARM does not say.</remarks>
/// <param name="faults">May make pages small.</param>
internal sealed class ArmPages(FaultList faults)
{
    private const string Token = "$skiptoken";
    private const int UsualSize = 100;

    /// <summary>The page that is asked for; what is no list is left as it is.</summary>
    public JsonObject Cut(FaceRequest request, JsonObject answer)
    {
        if (answer["value"] is not JsonArray all) return answer;
        var size = Size(UsualSize);
        var skip = int.TryParse(request.Query(Token), NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;
        var end = skip + size;
        var more = end < all.Count;
        JsonNode?[] items = [.. all.Skip(skip).Take(size)];
        all.Clear(); // an element is in one array at a time
        answer["value"] = new JsonArray(items);
        if (more) answer["nextLink"] = Next(request, end);
        return answer;
    }

    /// <summary>How many a page has at most.</summary>
    public int Size(int usual) => faults.Hits(SandboxFaultKind.SmallPages, SandboxFaultTarget.Azure) ? 1 : usual;

    private static string Next(FaceRequest request, int skip)
    {
        var same = request.Uri.Query.TrimStart('?').Split('&').Where(static part => !Uri.UnescapeDataString(part).StartsWith(Token + "=", StringComparison.OrdinalIgnoreCase));
        return string.Create(CultureInfo.InvariantCulture, $"{request.Uri.GetLeftPart(UriPartial.Path)}?{string.Join('&', same)}&{Token}={skip}");
    }
}
