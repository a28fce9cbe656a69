using System.Text.Json;

namespace ChaosPS.Providers.Kubernetes.Failures;

/// <summary>What an API server says of a request that it refuses.</summary>
/// <param name="Message">In words.</param>
/// <param name="Reason">In one word, such as <c>Forbidden</c>; empty when the answer is no Status.</param>
/// <param name="Name">The object; empty when it names none.</param>
/// <param name="Causes">Its parts.</param>
/// <param name="RetryAfter">When to come again; null when it does not say.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ .</remarks>
internal sealed record ApiStatus(string Message, string Reason, string Name, IReadOnlyList<ApiStatusCause> Causes, TimeSpan? RetryAfter)
{
    private const int LongestLine = 200;

    /// <summary>Whether the body was a Status, so that an API server answered and nothing before it.</summary>
    public bool IsApi { get; private init; }

    /// <summary>Reads the body of an answer: a Status, or whatever else says something.</summary>
    /// <param name="body">The body.</param>
    /// <param name="phrase">What stands beside the status code; null for nothing.</param>
    public static ApiStatus Read(string body, string? phrase)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "kind") == "Status") return Read(root, phrase);
        }
        catch (JsonException)
        {
            // An unknown path is answered in plain text, and a proxy answers in HTML.
        }

        return new ApiStatus(FirstLine(body) ?? phrase ?? "no reason given", "", "", [], null);
    }

    private static ApiStatus Read(JsonElement root, string? phrase)
    {
        var details = root.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var hasDetails = details.ValueKind == JsonValueKind.Object;
        var causes = hasDetails && details.TryGetProperty("causes", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static cause => cause.ValueKind == JsonValueKind.Object)
                .Select(static cause => new ApiStatusCause(Text(cause, "reason"), Text(cause, "field"), Text(cause, "message"))).ToArray()
            : [];
        TimeSpan? later = hasDetails && details.TryGetProperty("retryAfterSeconds", out var seconds) && seconds.TryGetInt32(out var number) && number > 0
            ? TimeSpan.FromSeconds(number) : null;
        var message = Text(root, "message");
        return new ApiStatus(
            (message.Length > 0 ? message : phrase ?? "no reason given").TrimEnd('.'), Text(root, "reason"), hasDetails ? Text(details, "name") : "", causes, later)
        {
            IsApi = true,
        };
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string? FirstLine(string body)
    {
        var line = body.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end];
        if (line.Length > LongestLine) line = line[..LongestLine];
        return line.IsEmpty ? null : line.ToString().TrimEnd('.');
    }
}

/// <summary>A part of what is wrong with a request.</summary>
/// <param name="Reason">In one word.</param>
/// <param name="Field">Where in the object; empty when it says nothing.</param>
/// <param name="Message">In words.</param>
internal sealed record ApiStatusCause(string Reason, string Field, string Message)
{
    /// <summary>For people.</summary>
    public override string ToString() => Field.Length > 0 ? $"{Field}: {Message}" : Message;
}
