using ChaosPS.Errors;
using ChaosPS.Ports;
using k8s;
using k8s.KubeConfigModels;

namespace ChaosPS.Providers.Kubernetes;

/// <summary>Finds the kubeconfig and the context in it as kubectl does, and lets the library make a configuration of them.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ . It is read, never written.</remarks>
internal static class KubeConfigFile
{
    private const string Variable = "KUBECONFIG";

    /// <summary>The configuration of a context, and the context's name.</summary>
    /// <param name="options">A file and a context, if the user named them.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="defaultPath">What is read without <c>KUBECONFIG</c>: <c>~/.kube/config</c>.</param>
    public static (string Context, KubernetesClientConfiguration Configuration) Load(
        KubeConfigOptions options, Func<string, string?> environment, string defaultPath)
    {
        var files = Find(options, environment, defaultPath);
        var path = string.Join(Path.PathSeparator, files);
        var merged = Merge(files);
        string[] contexts = [.. merged.Contexts.Select(static context => context.Name)];
        var chosen = options.Context ?? merged.CurrentContext;
        if (string.IsNullOrEmpty(chosen)) throw ChaosErrors.ContextNotChosen(path, contexts);
        if (!contexts.Contains(chosen, StringComparer.Ordinal)) throw ChaosErrors.ContextNotFound(chosen, path, contexts);
        try
        {
            return (chosen, KubernetesClientConfiguration.BuildConfigFromConfigObject(merged, chosen));
        }
        catch (Exception exception)
        {
            // Wrong certificates, a credential plugin that fails, an unsupported provider: the library throws of many types, plain Exception included.
            throw ChaosErrors.KubeConfigInvalid(path, $"context '{chosen}': {exception.Message}", exception);
        }
    }

    /// <summary>The names of the contexts.</summary>
    /// <inheritdoc cref="Load"/>
    public static IReadOnlyList<string> Contexts(KubeConfigOptions options, Func<string, string?> environment, string defaultPath) =>
        [.. Merge(Find(options, environment, defaultPath)).Contexts.Select(static context => context.Name)];

    private static string[] Find(KubeConfigOptions options, Func<string, string?> environment, string defaultPath)
    {
        if (options.Path is { } named) return File.Exists(named) ? [named] : throw ChaosErrors.KubeConfigNotFound(named);
        if (environment(Variable) is { Length: > 0 } list)
        {
            string[] listed = [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static file => file.Trim('"'))];
            string[] existing = [.. listed.Where(File.Exists)]; // kubectl passes over missing ones too
            return existing.Length > 0 ? existing : throw ChaosErrors.NoCluster($"{Variable} names no file that exists: {ChaosErrors.List(listed)}.");
        }

        return File.Exists(defaultPath)
            ? [defaultPath]
            : throw ChaosErrors.NoCluster($"{Variable} is not set and there is no kubeconfig '{defaultPath}'.");
    }

    /// <summary>Of equal names the first file's counts; relative paths belong to the file that they stand in.</summary>
    private static K8SConfiguration Merge(string[] files)
    {
        K8SConfiguration[] all = [.. files.Select(Read)];
        return new K8SConfiguration
        {
            CurrentContext = all.Select(static file => file.CurrentContext).FirstOrDefault(static context => !string.IsNullOrEmpty(context)),
            Contexts = [.. all.SelectMany(static file => file.Contexts).DistinctBy(static context => context.Name)],
            Clusters = [.. all.SelectMany(static file => file.Clusters).DistinctBy(static cluster => cluster.Name)],
            Users = [.. all.SelectMany(static file => file.Users).DistinctBy(static user => user.Name)],
        };
    }

    private static K8SConfiguration Read(string path)
    {
        K8SConfiguration? file;
        try
        {
            file = KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(path));
        }
        catch (Exception exception)
        {
            throw ChaosErrors.KubeConfigInvalid(path, exception.Message, exception);
        }

        if (file is null) throw ChaosErrors.KubeConfigInvalid(path, "it is empty");
        file.Contexts ??= [];
        file.Clusters ??= [];
        file.Users ??= [];
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var cluster in file.Clusters)
        {
            if (cluster.ClusterEndpoint is { } endpoint) endpoint.CertificateAuthority = Absolute(endpoint.CertificateAuthority);
        }

        foreach (var user in file.Users)
        {
            if (user.UserCredentials is not { } credentials) continue;
            credentials.ClientCertificate = Absolute(credentials.ClientCertificate);
            credentials.ClientKey = Absolute(credentials.ClientKey);
        }

        return file;

        string? Absolute(string? relative) => string.IsNullOrEmpty(relative) ? relative : Path.Combine(folder, relative);
    }
}
