using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Providers.Yaml;

namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>Reads a kubeconfig file as kubectl does: fields that it does not know are passed over, wrong ones are named with their place.</summary>
internal static class KubeConfigReader
{
    private const string ExecExtension = "client.authentication.k8s.io/exec";

    /// <summary>The most bytes of a kubeconfig; what is longer is something else.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <exception cref="ChaosException">It cannot be read, or is no kubeconfig: id <c>KubeConfigInvalid</c>.</exception>
    public static KubeConfig Read(string path)
    {
        var root = Parse(path, Load(path));
        if (root.Text("kind") is not ("" or "Config")) throw root.Wrong($"it is a {root.Text("kind")}, no kubeconfig");
        if (root.Text("apiVersion") is not ("" or "v1")) throw root.Wrong($"its apiVersion is {root.Text("apiVersion")}, and only v1 is known");
        return new KubeConfig
        {
            CurrentContext = root.Text("current-context"),
            Contexts = Named(root, "contexts", "context", static map => new KubeConfigContext(map.Text("cluster"), map.Text("user"), map.Text("namespace"))),
            Clusters = Named(root, "clusters", "cluster", map => ReadCluster(path, map)),
            Users = Named(root, "users", "user", map => ReadUser(path, map)),
        };
    }

    private static string Load(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes ? File.ReadAllText(path) : throw ChaosErrors.KubeConfigInvalid(path, "it is larger than 16 MiB");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.KubeConfigInvalid(path, exception.Message, exception);
        }
    }

    private static KubeConfigMap Parse(string path, string text)
    {
        try
        {
            // kubectl reads the first document and passes over the others. An empty file is an empty kubeconfig.
            return new YamlDocumentReader().ReadAll(text, Path.GetFileName(path)) switch
            {
                [DocumentMapping mapping, ..] => new KubeConfigMap(path, mapping),
                [] or [DocumentScalar { Value: null }, ..] => new KubeConfigMap(path, null),
                _ => throw ChaosErrors.KubeConfigInvalid(path, "it holds no names and values"),
            };
        }
        catch (ChaosException exception) when (exception.ErrorId == "DocumentInvalid")
        {
            throw ChaosErrors.KubeConfigInvalid(path, exception.Message, exception);
        }
    }

    private static OrderedDictionary<string, T> Named<T>(KubeConfigMap root, string list, string field, Func<KubeConfigMap, T> read)
    {
        var all = new OrderedDictionary<string, T>();
        foreach (var item in root.Maps(list))
        {
            if (!all.TryAdd(item.Text("name"), read(item.Map(field)))) throw item.Wrong($"'{list}' has '{item.Text("name")}' twice");
        }

        return all;
    }

    private static KubeConfigCluster ReadCluster(string path, KubeConfigMap map) => new()
    {
        File = path,
        Server = map.Text("server"),
        TlsServerName = map.Text("tls-server-name"),
        InsecureSkipTlsVerify = map.Flag("insecure-skip-tls-verify"),
        CertificateAuthority = map.Path("certificate-authority"),
        CertificateAuthorityData = map.Data("certificate-authority-data"),
        ProxyUrl = map.Text("proxy-url"),
        DisableCompression = map.Flag("disable-compression"),
        ExecExtension = map.Maps("extensions").FirstOrDefault(static extension => extension.Text("name") == ExecExtension)?.Find("extension"),
    };

    private static KubeConfigUser ReadUser(string path, KubeConfigMap map) => new()
    {
        File = path,
        ClientCertificate = map.Path("client-certificate"),
        ClientCertificateData = map.Data("client-certificate-data"),
        ClientKey = map.Path("client-key"),
        ClientKeyData = map.Data("client-key-data"),
        Token = map.Text("token"),
        TokenFile = map.Path("tokenFile"),
        As = map.Text("as"),
        AsUid = map.Text("as-uid"),
        AsGroups = map.Texts("as-groups"),
        AsUserExtra = map.Lists("as-user-extra"),
        Username = map.Text("username"),
        Password = map.Text("password"),
        AuthProvider = map.Has("auth-provider") ? map.Map("auth-provider").Text("name") is { Length: > 0 } name ? name : "without a name" : "",
        Exec = map.Has("exec") ? ReadExec(map.Map("exec")) : null,
    };

    private static KubeConfigExec ReadExec(KubeConfigMap map)
    {
        // Only a path belongs to the file's folder; a mere name is looked for in PATH.
        var command = map.Text("command");
        return new KubeConfigExec(
            command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? map.Path("command") : command,
            map.Texts("args"),
            [.. map.Maps("env").Select(static variable => KeyValuePair.Create(variable.Text("name"), variable.Text("value")))],
            map.Text("apiVersion"),
            map.Text("installHint"),
            map.Flag("provideClusterInfo"),
            map.Text("interactiveMode"));
    }
}
