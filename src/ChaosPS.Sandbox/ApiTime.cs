using System.Globalization;

namespace ChaosPS.Sandbox;

/// <summary>Times as the APIs write them.</summary>
internal static class ApiTime
{
    /// <summary>A Time of Kubernetes: whole seconds.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A MicroTime of Kubernetes, and what Azure writes: microseconds.</summary>
    public static string MicroText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
