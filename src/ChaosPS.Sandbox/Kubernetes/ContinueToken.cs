using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>Where the next page of a list begins, and of which state of the cluster the list is.</summary>
/// <param name="ResourceVersion">The state; -1 when the client has accepted an inconsistent list.</param>
/// <param name="Last">The key of the last object of the page before.</param>
internal readonly record struct ContinueToken(long ResourceVersion, string Last)
{
    /// <summary>Reads a token.</summary>
    /// <exception cref="StatusException">It is none.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            var padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4);
            using var json = JsonDocument.Parse(Convert.FromBase64String(padded));
            return new(json.RootElement.GetProperty("rv").GetInt64(), json.RootElement.GetProperty("start").GetString()!.TrimEnd('\0'));
        }
        catch (Exception exception) when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw StatusException.BadRequest($"continue key is not valid: {exception.Message}");
        }
    }

    /// <summary>As lists carry it: base64 without padding, in the alphabet for addresses.</summary>
    public override string ToString()
    {
        var json = new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = ResourceVersion, ["start"] = Last + "\0" };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
