using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChaosPS.Errors;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>The way from inside a pod: its service account.</summary>
/// <remarks>Source: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ .</remarks>
internal static class InClusterAccess
{
    /// <summary>Where Kubernetes puts a pod's service account.</summary>
    public const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>What the connection is called.</summary>
    public const string Name = "in-cluster";

    /// <summary>The way to the cluster that this process runs in; null when it runs in none, or its pod has no service account.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="folder">Where the service account is.</param>
    /// <param name="time">The clock on which the token is read again.</param>
    /// <exception cref="ChaosException">Its certificates cannot be read: id <c>KubeConfigInvalid</c>.</exception>
    public static ClusterAccess? TryOpen(Func<string, string?> environment, string folder, TimeProvider time)
    {
        var token = Path.Combine(folder, "token");
        if (environment("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host || environment("KUBERNETES_SERVICE_PORT") is not { Length: > 0 } port || !File.Exists(token))
            return null;

        var space = Path.Combine(folder, "namespace");
        return new ClusterAccess
        {
            Name = Name,
            Server = $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}",
            Namespace = File.Exists(space) ? File.ReadAllText(space).Trim() : null,
            Authorities = ReadAuthorities(Path.Combine(folder, "ca.crt")),
            Credential = new TokenFileCredential(token, "the token of the pod's service account", null, null, time),
        };
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPemFile(path);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.KubeConfigInvalid(path, exception.Message, exception);
        }

        return all;
    }
}
