using System.Globalization;
using Azure;

namespace ChaosPS.Providers.Azure;

/// <summary>How many calls Azure still allows, as its answers say.</summary>
/// <remarks>
/// ARM counts per subscription and principal (<c>x-ms-ratelimit-remaining-subscription-reads</c> and its like), the Compute provider per machine and region
/// (<c>x-ms-ratelimit-remaining-resource: Microsoft.Compute/GetVMScaleSet3Min;107,…</c>). Sources:
/// https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling ,
/// https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits .
/// </remarks>
internal static class AzureLimits
{
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
