using System.Globalization;
using System.Text.RegularExpressions;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>The order of an API's versions, the preferred one first: stable ones, betas, alphas, each from the newest on, then names of any other form.</summary>
/// <remarks>Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority .</remarks>
internal sealed partial class VersionOrder : IComparer<string>
{
    private VersionOrder()
    {
    }

    /// <summary>The order.</summary>
    public static VersionOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (left, right) = (Rank(x ?? ""), Rank(y ?? ""));
        return left != right ? right.CompareTo(left) : string.CompareOrdinal(x, y);
    }

    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        if (Form().Match(version) is not { Success: true } match) return default;
        var stage = match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stage, Number("major"), Number("minor"));

        int Number(string name) => int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    [GeneratedRegex(@"\Av(?<major>[1-9][0-9]{0,8})((?<stage>alpha|beta)(?<minor>[1-9][0-9]{0,8}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
