using System.Text.RegularExpressions;

namespace ChaosPS.Experiments;

/// <summary>Headers that carry what somebody signs in with.</summary>
internal static partial class SignInHeaders
{
    /// <summary>Whether a header of that name is one.</summary>
    public static bool Has(string name) => Name().IsMatch(name);

    [GeneratedRegex("auth|cookie|token|secret|password|credential|api-?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
