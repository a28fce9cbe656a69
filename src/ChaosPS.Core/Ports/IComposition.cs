using ChaosPS.Azure;
using ChaosPS.Sandboxes;

namespace ChaosPS.Ports;

/// <summary>Makes the ports. Providers implements it; commands and the command line compose through it.</summary>
public interface IComposition
{
    /// <summary>Reads YAML and JSON.</summary>
    IDocumentReader Documents { get; }

    /// <summary>Changes fields in the text of YAML and JSON.</summary>
    IDocumentEditor DocumentEditor { get; }

    /// <summary>Sends requests where no cluster is connected. It has no time-out of its own: whoever sends brings one.</summary>
    HttpMessageInvoker Http { get; }

    /// <summary>The same, and believes whatever certificate a server shows.</summary>
    HttpMessageInvoker UnverifiedHttp { get; }

    /// <summary>The names of the contexts in a kubeconfig, in its order.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">No kubeconfig, or an unreadable one.</exception>
    IReadOnlyList<string> GetContexts(string? kubeConfigPath);

    /// <summary>Finds an emulated cluster that another process of this machine serves.</summary>
    /// <param name="uri">Its address, such as <c>http://127.0.0.1:8001</c>.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="ChaosPS.Errors.ChaosException">Ids <c>SandboxUriInvalid</c>, <c>SandboxUnreachable</c>, <c>SandboxNotServed</c>.</exception>
    Task<ChaosSandbox> OpenSandboxAsync(Uri uri, CancellationToken cancellationToken);

    /// <summary>Connects to an emulated cluster, through the real clients.</summary>
    ChaosConnection Connect(ChaosSandbox sandbox);

    /// <summary>Connects to a cluster of the kubeconfig.</summary>
    /// <exception cref="ChaosPS.Errors.ChaosException">No kubeconfig, or no such context.</exception>
    ChaosConnection Connect(KubeConfigOptions options);
}

/// <summary>Which kubeconfig and which of its contexts.</summary>
/// <param name="Path">A kubeconfig file, or several as <c>KUBECONFIG</c> has them; null means <c>KUBECONFIG</c>, then <c>~/.kube/config</c>.</param>
/// <param name="Context">A context; null means the current one.</param>
public sealed record KubeConfigOptions(string? Path = null, string? Context = null)
{
    /// <summary>Where the token comes from that Azure is asked with, once something of Azure is wanted.</summary>
    public AzureTokenSource TokenSource { get; init; }
}
