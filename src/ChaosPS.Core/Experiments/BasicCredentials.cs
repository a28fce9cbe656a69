using System.Net.Http.Headers;
using System.Text;

namespace ChaosPS.Experiments;

/// <summary>What stands before the host of a URL: user and password.</summary>
internal static class BasicCredentials
{
    /// <summary>The header that signs in with them; null when a URL has none.</summary>
    public static AuthenticationHeaderValue? Of(Uri uri)
    {
        if (uri.UserInfo.Length == 0) return null;
        var parts = uri.UserInfo.Split(':', 2);
        var text = $"{Uri.UnescapeDataString(parts[0])}:{(parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "")}";
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }
}
