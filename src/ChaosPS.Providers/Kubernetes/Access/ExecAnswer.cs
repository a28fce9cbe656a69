using System.Text.Json;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>What a credential plugin prints.</summary>
/// <param name="Token">A bearer token; null for none.</param>
/// <param name="Certificate">A client certificate in PEM; null for none.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Expires">From when on it is no longer good; null for never.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ .</remarks>
internal sealed record ExecAnswer(string? Token, string? Certificate, string? Key, DateTimeOffset? Expires)
{
    /// <summary>Reads what a plugin printed.</summary>
    /// <exception cref="FormatException">It is no answer of that version; the message says why, and holds nothing of the answer.</exception>
    public static ExecAnswer Read(string text, string apiVersion)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement, apiVersion);
        }
        catch (JsonException)
        {
            throw new FormatException("it printed something else than JSON");
        }
    }

    private static ExecAnswer Read(JsonElement root, string apiVersion)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "ExecCredential") throw new FormatException("it printed no ExecCredential");
        if (Text(root, "apiVersion") is var version && version != apiVersion)
            throw new FormatException($"it answered in version '{version}', and the kubeconfig expects '{apiVersion}'");
        if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object) throw new FormatException("its answer has no status");

        var answer = new ExecAnswer(Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"), Time(status));
        if (answer is { Token: null, Certificate: null, Key: null }) throw new FormatException("its answer has neither a token nor a certificate");
        return answer.Certificate is null == answer.Key is null ? answer : throw new FormatException("its answer has only one of certificate and key");
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? Time(JsonElement status) =>
        !status.TryGetProperty("expirationTimestamp", out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time
        : throw new FormatException("the expirationTimestamp of its answer is no time");
}
