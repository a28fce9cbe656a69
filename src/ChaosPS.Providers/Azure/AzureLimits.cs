using System.Globalization;
using System.Text.Json;
using Azure;

namespace ChaosPS.Providers.Azure;

/// <summary>How many calls Azure still allows, as its answers say.</summary>
/// <remarks>
/// ARM counts per subscription and principal (<c>x-ms-ratelimit-remaining-subscription-reads</c> and its like), the Compute provider per machine and region
/// (<c>x-ms-ratelimit-remaining-resource: Microsoft.Compute/GetVMScaleSet3Min;107,…</c>), Resource Graph per user
/// (<c>x-ms-user-quota-remaining</c>, and <c>x-ms-user-quota-resets-after: 00:00:03</c>, which stands there for Retry-After). Sources:
/// https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling ,
/// https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits ,
/// https://learn.microsoft.com/troubleshoot/azure/virtual-machines/troubleshooting-throttling-errors ,
/// https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests .
/// </remarks>
internal static class AzureLimits
{
    private const string GraphPause = "x-ms-user-quota-resets-after";
    private const string Prefix = "x-ms-ratelimit-remaining-";

    /// <summary>At so few calls left, others who use the same limit are given way.</summary>
    private const int Few = 5;

    /// <summary>Whether asking should slow down before Azure refuses.</summary>
    public static bool IsScarce(Response response) => Remaining(response).Any(static limit => limit.Count <= Few);

    /// <summary>The limit with the fewest calls left, in a sentence; null when the answer does not say.</summary>
    public static string? Describe(Response? response) => response is null || Remaining(response).ToArray() is not { Length: > 0 } limits
        ? null
        : limits.MinBy(static limit => limit.Count) is var (name, count)
            ? string.Create(CultureInfo.InvariantCulture, $"Of {name} {count} calls are left")
            : null;

    /// <summary>How long to leave Azure alone; null when it does not say.</summary>
    public static TimeSpan? Pause(Response response, TimeProvider time)
    {
        if (response.Headers.TryGetValue("Retry-After", out var text))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return date - time.GetUtcNow();
        }

        return response.Status == 429 && response.Headers.TryGetValue(GraphPause, out text) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var pause) ? pause : null;
    }

    /// <summary>A detail of an error in words: the compute provider writes which limit was exceeded as JSON in a text.</summary>
    public static string Describe(string detail)
    {
        if (!detail.StartsWith('{')) return detail;
        try
        {
            using var document = JsonDocument.Parse(detail);
            var limit = document.RootElement;
            return limit.TryGetProperty("operationGroup", out var group) && limit.TryGetProperty("allowedRequestCount", out var allowed)
                && limit.TryGetProperty("measuredRequestCount", out var measured)
                    ? $"{measured} calls of {group}, of which {allowed} are allowed."
                    : detail;
        }
        catch (JsonException)
        {
            return detail;
        }
    }

    private static IEnumerable<(string Name, int Count)> Remaining(Response response)
    {
        foreach (var header in response.Headers)
        {
            if (!header.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var part in header.Value.Split(','))
            {
                var semicolon = part.LastIndexOf(';');
                var name = semicolon < 0 ? header.Name[Prefix.Length..] : part[..semicolon].Trim();
                if (int.TryParse(part[(semicolon + 1)..], NumberStyles.Integer, CultureInfo.InvariantCulture, out var count)) yield return (name, count);
            }
        }
    }
}
