using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Kubernetes.Rules;

/// <summary>Writes quantities as the API server keeps them: the largest suffix that leaves no fraction.</summary>
/// <remarks>Source: https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity .</remarks>
internal static class CanonicalQuantity
{
    private static readonly string[] s_binary = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki", ""];

    private static readonly string[] s_decimal = ["E", "P", "T", "G", "M", "k", "", "m", "u", "n"];

    /// <summary>The canonical text: <c>2048Mi</c> gives <c>2Gi</c>, <c>0.5</c> gives <c>500m</c>. An exponent stays as it was written.</summary>
    public static string Text(string quantity)
    {
        var value = KubernetesQuantity.Parse(quantity);
        if (value == 0) return "0";
        var isBinary = quantity.EndsWith('i');
        if (!isBinary && quantity[..^1].Contains('e', StringComparison.OrdinalIgnoreCase)) return quantity;
        foreach (var suffix in isBinary && decimal.IsInteger(value) ? s_binary : s_decimal)
        {
            var unit = KubernetesQuantity.Parse("1" + suffix);
            if (value % unit == 0) return (value / unit).ToString("0", CultureInfo.InvariantCulture) + suffix;
        }

        return quantity;
    }
}
