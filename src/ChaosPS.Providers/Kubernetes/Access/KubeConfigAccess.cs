using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes.KubeConfigs;

namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>Turns a context of a kubeconfig into the way to its cluster, with kubectl's checks and order of precedence.</summary>
internal sealed class KubeConfigAccess
{
    private static readonly string[] s_proxySchemes = ["http", "https", "socks5"];

    private readonly string _name;
    private readonly KubeConfigCluster _cluster;
    private readonly KubeConfigUser _user;
    private readonly KubeConfigContext _context;
    private readonly TimeProvider _time;

    private KubeConfigAccess(string name, KubeConfigContext context, KubeConfigCluster cluster, KubeConfigUser user, TimeProvider time) =>
        (_name, _context, _cluster, _user, _time) = (name, context, cluster, user, time);

    /// <summary>The way to the cluster of a context. Nothing is sent, and no plugin is run yet.</summary>
    /// <param name="config">The kubeconfig.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <param name="wanted">The context; null for the current one.</param>
    /// <param name="time">The clock that credentials run out on.</param>
    /// <exception cref="ChaosException">Ids <c>ContextNotFound</c>, <c>ContextNotChosen</c>, <c>KubeConfigInvalid</c>.</exception>
    public static ClusterAccess Open(KubeConfig config, string path, string? wanted, TimeProvider time)
    {
        var name = wanted ?? config.CurrentContext;
        if (name.Length == 0) throw ChaosErrors.ContextNotChosen(path, config.Contexts.Keys);
        if (!config.Contexts.TryGetValue(name, out var context)) throw ChaosErrors.ContextNotFound(name, path, config.Contexts.Keys);
        if (!config.Clusters.TryGetValue(context.Cluster, out var cluster)) throw Missing("cluster", context.Cluster, config.Clusters.Keys);
        if (context.User.Length == 0) return new KubeConfigAccess(name, context, cluster, new KubeConfigUser { File = path }, time).Open();
        return config.Users.TryGetValue(context.User, out var user)
            ? new KubeConfigAccess(name, context, cluster, user, time).Open()
            : throw Missing("user", context.User, config.Users.Keys);

        ChaosException Missing(string what, string missing, IEnumerable<string> existing) => ChaosErrors.KubeConfigInvalid(
            path, $"context '{name}' names {(missing.Length == 0 ? $"no {what}" : $"the {what} '{missing}', which is not there")}; its {what}s: {ChaosErrors.List(existing)}");
    }

    private ClusterAccess Open()
    {
        var server = Server();
        var secure = server.Scheme == Uri.UriSchemeHttps;
        var authorities = Content(_cluster.CertificateAuthorityData, _cluster.CertificateAuthority, "certificate-authority", _cluster.File);
        if (_cluster.InsecureSkipTlsVerify && authorities is not null)
            throw OfCluster("has both insecure-skip-tls-verify and a certificate-authority, of which one has to go");
        CheckUser();
        return new ClusterAccess
        {
            Name = _name,
            Context = _name,
            Server = server.AbsoluteUri.TrimEnd('/'),
            Namespace = _context.Namespace.Length > 0 ? _context.Namespace : null,
            Authorities = secure && authorities is not null ? ReadAuthorities(authorities) : null,
            TlsServerName = secure && _cluster.TlsServerName.Length > 0 ? _cluster.TlsServerName : null,
            SkipTlsVerify = _cluster.InsecureSkipTlsVerify,
            Proxy = _cluster.ProxyUrl.Length > 0 ? Proxy() : null,
            Compression = !_cluster.DisableCompression,
            Credential = secure ? OpenCredential() : new NoCredential(), // as kubectl: over plain http nobody shows who they are
            Impersonation = Impersonation(),
        };
    }

    /// <summary>The address; without a scheme it is plain http, as kubectl takes it.</summary>
    private Uri Server()
    {
        if (_cluster.Server.Length == 0) throw OfCluster("has no server");
        var text = _cluster.Server.Contains("://", StringComparison.Ordinal) ? _cluster.Server : $"http://{_cluster.Server}";
        return Uri.TryCreate(text, UriKind.Absolute, out var server) && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            && server.Host.Length > 0
            ? new UriBuilder(server) { Query = "", Fragment = "", UserName = "", Password = "" }.Uri
            : throw OfCluster($"has the server '{_cluster.Server}', which is no address like https://host:6443");
    }

    private Uri Proxy() =>
        Uri.TryCreate(_cluster.ProxyUrl, UriKind.Absolute, out var proxy) && s_proxySchemes.Contains(proxy.Scheme) && proxy.Host.Length > 0
            ? proxy
            : throw OfCluster("has a proxy-url that is no address like http://host:3128; https and socks5 are possible too");

    private X509Certificate2Collection ReadAuthorities(byte[] bytes)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException exception)
        {
            throw OfCluster("has a certificate-authority that is damaged", exception);
        }

        return all.Count > 0 ? all : throw OfCluster("has a certificate-authority that holds no 'BEGIN CERTIFICATE'");
    }

    private void CheckUser()
    {
        if (_user.AuthProvider.Length > 0) throw ChaosErrors.AuthProviderGone(_user.File, _context.User, _user.AuthProvider);
        if (_user.Token.Length > 0 && (_user.Username.Length > 0 || _user.Password.Length > 0)) throw OfUser("has both a token and a password, of which one has to go");
        if (_user.As.Length == 0 && (_user.AsUid.Length > 0 || _user.AsGroups.Count > 0 || _user.AsUserExtra.Count > 0))
            throw OfUser("has as-uid, as-groups or as-user-extra without 'as'");
    }

    /// <summary>A token file comes before a token, both before a password, and a plugin only counts when there is neither, nor a certificate.</summary>
    private Credential OpenCredential()
    {
        var certificate = OpenCertificate();
        if (_user.TokenFile.Length > 0)
            return new TokenFileCredential(_user.TokenFile, $"the token of user '{_context.User}' in a file", _user.Token.Length > 0 ? _user.Token : null, certificate, _time);
        if (_user.Token.Length > 0)
            return Fixed("the token", "The token may have run out: get a new kubeconfig (for AKS: az aks get-credentials).", new("Bearer", _user.Token), certificate);
        if (_user.Username.Length > 0 || _user.Password.Length > 0)
            return Fixed("the password", "API servers since 1.19 take no passwords; a proxy before one may. Use a token, a certificate or a credential plugin.", FixedCredential.Basic(_user.Username, _user.Password), certificate);
        if (certificate is not null)
        {
            return Fixed(
                "the certificate",
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The certificate is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}; get a new kubeconfig (for AKS: az aks get-credentials) when it has run out."),
                null, certificate);
        }

        return _user.Exec is { } exec ? OpenPlugin(exec) : new NoCredential();
    }

    private FixedCredential Fixed(string what, string remedy, System.Net.Http.Headers.AuthenticationHeaderValue? header, ClientCertificate? certificate) =>
        new($"{what} of user '{_context.User}'", remedy, new Proof(header, certificate));

    private ClientCertificate? OpenCertificate()
    {
        var certificate = Content(_user.ClientCertificateData, _user.ClientCertificate, "client-certificate", _user.File);
        if (certificate is null) return null;
        var key = Content(_user.ClientKeyData, _user.ClientKey, "client-key", _user.File) ?? throw OfUser("has a client certificate without a client-key");
        try
        {
            return ClientCertificate.Read(certificate, key);
        }
        catch (CryptographicException exception)
        {
            throw OfUser($"cannot be used: {exception.Message}", exception);
        }
    }

    private ExecCredential OpenPlugin(KubeConfigExec exec)
    {
        if (exec.Command.Length == 0) throw OfUser("has a credential plugin without a command");
        if (!ExecPlugin.Versions.Contains(exec.ApiVersion))
            throw OfUser($"has a credential plugin of apiVersion '{exec.ApiVersion}', and {string.Join(" and ", ExecPlugin.Versions)} are known: a newer '{exec.Command}' may write it");
        if (exec.Environment.Any(static variable => variable.Key.Length == 0)) throw OfUser("has a credential plugin with a variable without a name");
        if (exec.InteractiveMode is not ("Never" or "IfAvailable" or "Always") && (exec.InteractiveMode.Length > 0 || exec.ApiVersion == ExecPlugin.Versions[0]))
            throw OfUser($"has a credential plugin with the interactiveMode '{exec.InteractiveMode}'; it is one of Never, IfAvailable, Always");
        return new ExecCredential(
            _context.User, new ExecPlugin(exec, _context.User, exec.ProvideClusterInfo ? DescribeCluster() : null, static () => !Console.IsInputRedirected), _time);
    }

    /// <summary>The cluster as credential plugins know it.</summary>
    private JsonObject DescribeCluster()
    {
        var cluster = new JsonObject { ["server"] = _cluster.Server };
        if (_cluster.TlsServerName.Length > 0) cluster["tls-server-name"] = _cluster.TlsServerName;
        if (_cluster.InsecureSkipTlsVerify) cluster["insecure-skip-tls-verify"] = true;
        if (Content(_cluster.CertificateAuthorityData, _cluster.CertificateAuthority, "certificate-authority", _cluster.File) is { } authority)
            cluster["certificate-authority-data"] = Convert.ToBase64String(authority);
        if (_cluster.ProxyUrl.Length > 0) cluster["proxy-url"] = _cluster.ProxyUrl;
        if (_cluster.DisableCompression) cluster["disable-compression"] = true;
        if (_cluster.ExecExtension is { } extension) cluster["config"] = DocumentJson.Write(extension);
        return cluster;
    }

    private KeyValuePair<string, string>[] Impersonation() => _user.As.Length == 0 ? [] :
    [
        new("Impersonate-User", _user.As),
        .. _user.AsUid.Length > 0 ? [KeyValuePair.Create("Impersonate-Uid", _user.AsUid)] : Array.Empty<KeyValuePair<string, string>>(),
        .. _user.AsGroups.Select(static group => KeyValuePair.Create("Impersonate-Group", group)),
        .. _user.AsUserExtra.SelectMany(static extra => extra.Value.Select(value => KeyValuePair.Create($"Impersonate-Extra-{Uri.EscapeDataString(extra.Key)}", value))),
    ];

    /// <summary>The bytes themselves, else those of the file; null when neither is given.</summary>
    private byte[]? Content(byte[] data, string file, string what, string config)
    {
        if (data.Length > 0) return data;
        if (file.Length == 0) return null;
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ChaosErrors.KubeConfigInvalid(config, $"context '{_name}': the {what} '{file}' cannot be read: {exception.Message}", exception);
        }
    }

    private ChaosException OfCluster(string what, Exception? inner = null) =>
        ChaosErrors.KubeConfigInvalid(_cluster.File, $"context '{_name}': cluster '{_context.Cluster}' {what}", inner);

    private ChaosException OfUser(string what, Exception? inner = null) =>
        ChaosErrors.KubeConfigInvalid(_user.File, $"context '{_name}': user '{_context.User}' {what}", inner);
}
