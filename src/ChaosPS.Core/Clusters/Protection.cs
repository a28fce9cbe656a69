using ChaosPS.Safety;

namespace ChaosPS.Clusters;

/// <summary>Whether labels or annotations say that nothing may happen to their object.</summary>
internal static class Protection
{
    /// <summary>Whether <c>chaosps.dev/protected</c> is there and says anything but <c>false</c>: whoever wrote it meant something by it.</summary>
    public static bool Of(IReadOnlyDictionary<string, string> values) => Is(values.GetValueOrDefault(BlastPolicyReader.Protected));

    /// <summary>The same of the labels and annotations of an object of the API.</summary>
    public static bool Of(ApiFields item) =>
        Is(item.Entry("metadata", "labels", BlastPolicyReader.Protected)) || Is(item.Entry("metadata", "annotations", BlastPolicyReader.Protected));

    private static bool Is(string? value) => value is not null && !value.Equals("false", StringComparison.OrdinalIgnoreCase);
}
