using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>Whether labels or annotations say that nothing may happen to their object.</summary>
internal static class Protection
{
    /// <summary>Whether <c>chaosps.dev/protected</c> is there and says anything but <c>false</c>: whoever wrote it meant something by it.</summary>
    public static bool Of(IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue(BlastPolicyReader.Protected, out var value) && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
