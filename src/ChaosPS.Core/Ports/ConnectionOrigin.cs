using System.Text.Json.Nodes;
using ChaosPS.Azure;

namespace ChaosPS.Ports;

/// <summary>How a connection was found, so that another process can find the same cluster. It holds no secret.</summary>
/// <param name="KubeConfigPath">The absolute path of the kubeconfig, or of several as <c>KUBECONFIG</c> has them; null for a sandbox.</param>
/// <param name="Context">The kubeconfig context; null for a sandbox.</param>
/// <param name="Sandbox">The address of a served sandbox; null for a cluster, and for a sandbox inside a process, which dies with it.</param>
/// <param name="TokenSource">Where the token for Azure came from.</param>
public sealed record ConnectionOrigin(
    string? KubeConfigPath = null, string? Context = null, Uri? Sandbox = null, AzureTokenSource TokenSource = AzureTokenSource.Default)
{
    /// <summary>Which sandbox of its process it is; null for a cluster, and for a sandbox that is served.</summary>
    public string? Instance { get; init; }

    /// <summary>What finds the same cluster in a kubeconfig.</summary>
    public KubeConfigOptions ToKubeConfigOptions() => new(KubeConfigPath, Context) { TokenSource = TokenSource };

    internal JsonObject ToJson() => new()
    {
        ["kubeConfig"] = KubeConfigPath,
        ["context"] = Context,
        ["sandbox"] = Sandbox?.ToString(),
        ["instance"] = Instance,
        ["tokenSource"] = TokenSource == AzureTokenSource.Default ? null : TokenSource.ToString(),
    };

    internal static ConnectionOrigin FromJson(JsonObject? json) => new(
        (string?)json?["kubeConfig"], (string?)json?["context"],
        Uri.TryCreate((string?)json?["sandbox"], UriKind.Absolute, out var sandbox) ? sandbox : null,
        Enum.TryParse<AzureTokenSource>((string?)json?["tokenSource"], out var source) ? source : AzureTokenSource.Default)
    {
        Instance = (string?)json?["instance"],
    };
}
