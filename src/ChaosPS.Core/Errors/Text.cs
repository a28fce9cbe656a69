using System.Globalization;

namespace ChaosPS.Errors;

/// <summary>How values are written for people.</summary>
internal static class Text
{
    /// <summary>An address without what may be secret in it: user and password, the query, the fragment.</summary>
    public static string Address(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>A duration: <c>5 ms</c>, <c>0.35 s</c>, <c>47.2 s</c>, <c>5 min 48 s</c>.</summary>
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds switch
    {
        > 0 and < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.#} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.##} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} min {duration.Seconds} s"),
    };
}
