using System.Text.RegularExpressions;

namespace ChaosPS.Azure;

/// <summary>The families of machine sizes, which Azure has quotas for.</summary>
/// <remarks>Source of the names: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions .</remarks>
public static partial class MachineFamily
{
    /// <summary>The quota that a size counts in: <c>Standard_D4s_v3</c> in <c>standardDSv3Family</c>.</summary>
    /// <returns>Null for a size whose name is not as sizes are named.</returns>
    public static string? Of(string size)
    {
        var match = Pattern().Match(size);
        if (!match.Success) return null;
        var family = match.Groups["family"].Value;

        // Burstable and large-memory machines come with more memory in the same family.
        var features = family is "B" or "M" ? match.Groups["features"].Value.Replace("m", "", StringComparison.Ordinal) : match.Groups["features"].Value;
        return $"standard{family}{features.ToUpperInvariant()}{match.Groups["version"].Value}Family";
    }

    [GeneratedRegex(@"^Standard_(?<family>[A-Z]+)\d+(-\d+)?(?<features>[a-z]*)(_(?<version>v\d+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
