using System.Globalization;

namespace ChaosPS.Sandbox.Kubernetes;

/// <summary>Times as the Kubernetes API writes them.</summary>
internal static class KubernetesTime
{
    /// <summary>A Time: whole seconds.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A MicroTime.</summary>
    public static string MicroText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
