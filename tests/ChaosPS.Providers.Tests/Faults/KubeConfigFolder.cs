using ChaosPS.Ports;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Access;
using ChaosPS.Providers.Kubernetes.KubeConfigs;

namespace ChaosPS.Providers.Tests.Faults;

/// <summary>A folder with a kubeconfig for a server, and the client that comes of it: the way that a user's own takes.</summary>
internal sealed class KubeConfigFolder : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("chaosps-access-").FullName;

    public string ConfigPath => Path.Combine(Folder, "config");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a kubeconfig.</summary>
    /// <param name="server">The address.</param>
    /// <param name="cluster">Fields of the cluster, in YAML's short form.</param>
    /// <param name="user">Fields of the user.</param>
    public string WriteConfig(string server, string cluster = "", string user = "") => Write("config", $$$$"""
        current-context: test
        contexts: [{name: test, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "{{{{server}}}}"{{{{(cluster.Length > 0 ? $", {cluster}" : "")}}}} }}]
        users: [{name: u, user: { {{{{user}}}} }}]
        """);

    /// <summary>Reads the kubeconfig.</summary>
    public ClusterAccess Open(TimeProvider time)
    {
        var (config, path) = KubeConfigFile.Read(new KubeConfigOptions(ConfigPath), _ => null, "")!.Value;
        return KubeConfigAccess.Open(config, path, null, time);
    }

    /// <summary>The client of a server.</summary>
    public KubernetesCluster Connect(TimeProvider time, string server, string cluster = "", string user = "")
    {
        WriteConfig(server, cluster, user);
        return new KubernetesCluster(Open(time), time);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
