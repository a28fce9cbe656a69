namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    private const string Renew = "az aks get-credentials writes a kubeconfig for an AKS cluster.";

    /// <summary>A kubeconfig signs in by a way that kubectl once had built in.</summary>
    /// <param name="path">The kubeconfig.</param>
    /// <param name="user">The user in it.</param>
    /// <param name="provider">The way: azure, gcp, oidc.</param>
    public static ChaosException AuthProviderGone(string path, string user, string provider) => new(
        "AuthProviderGone", ErrorKind.NotSupported,
        $"User '{user}' of the kubeconfig '{path}' signs in with the auth-provider '{provider}', which gave way to credential plugins.",
        provider switch
        {
            "azure" => "Install kubelogin, and let it change the kubeconfig: kubelogin convert-kubeconfig (https://azure.github.io/kubelogin).",
            "gcp" => "Install gke-gcloud-auth-plugin, and get the kubeconfig again: gcloud container clusters get-credentials.",
            "oidc" => "Install the plugin kubectl oidc-login (https://github.com/int128/kubelogin), and name it in the user's 'exec'.",
            _ => "Give the user an 'exec', a token or a certificate instead.",
        },
        user);

    /// <summary>A kubeconfig's credential plugin is not installed.</summary>
    /// <param name="command">The program.</param>
    /// <param name="user">The kubeconfig's user.</param>
    /// <param name="hint">What the kubeconfig says on how to install it; may be empty.</param>
    /// <param name="inner">What the system threw.</param>
    public static ChaosException CredentialPluginNotFound(string command, string user, string hint, Exception? inner = null) => new(
        "CredentialPluginNotFound", ErrorKind.AuthenticationFailed,
        $"User '{user}' of the kubeconfig signs in with the credential plugin '{command}', which is not there.",
        hint.Length > 0 ? hint : "Install it, or see that the folder that it is in stands in PATH.", command, inner);

    /// <summary>A kubeconfig's credential plugin ran and gave nothing of use.</summary>
    /// <param name="command">The program.</param>
    /// <param name="user">The kubeconfig's user.</param>
    /// <param name="reason">What went wrong; nothing of what it printed, which may be secret.</param>
    /// <param name="line">The program with its arguments.</param>
    /// <param name="inner">What was thrown.</param>
    public static ChaosException CredentialPluginFailed(string command, string user, string reason, string line, Exception? inner = null) => new(
        "CredentialPluginFailed", ErrorKind.AuthenticationFailed,
        $"The credential plugin '{command}' of user '{user}' gave no credentials: {reason.TrimEnd('.')}.",
        $"Log in as it wants it, and see what it says by itself: {line}", command, inner);

    /// <summary>The file with a token cannot be read.</summary>
    public static ChaosException TokenFileUnreadable(string path, string reason, Exception? inner = null) => new(
        "TokenFileUnreadable", ErrorKind.AuthenticationFailed,
        $"The token in '{path}' cannot be read: {reason.TrimEnd('.')}.",
        "See who writes that file, and that this user may read it.", path, inner);

    /// <summary>An API server's name has no address.</summary>
    public static ChaosException ClusterNameUnknown(string call, string cluster, string server, Exception? inner = null) => new(
        "ClusterNameUnknown", ErrorKind.ConnectionFailed,
        $"Cannot {call}: no DNS server knows the host of {server} (cluster '{cluster}').",
        "See whether the cluster still exists and the name is right; a private cluster's name is known in its own network only (VPN, private DNS zone).", call, inner);

    /// <summary>Nobody listens at an API server's address.</summary>
    public static ChaosException ClusterNotListening(string call, string cluster, string server, Exception? inner = null) => new(
        "ClusterNotListening", ErrorKind.ConnectionFailed,
        $"Cannot {call}: nobody listens at {server} (cluster '{cluster}'): the connection is refused.",
        "See whether the cluster runs (for AKS: az aks show --query powerState; az aks start), and whether port and address are right.", call, inner);

    /// <summary>The way to an API server leads over a proxy that does not let through.</summary>
    public static ChaosException ClusterProxyFailed(string call, string cluster, string server, string reason, Exception? inner = null) => new(
        "ClusterProxyFailed", ErrorKind.ConnectionFailed,
        $"Cannot {call}: the proxy on the way to {server} (cluster '{cluster}') does not let through: {reason.TrimEnd('.')}.",
        "See the kubeconfig's proxy-url, or HTTPS_PROXY and NO_PROXY in the environment.", call, inner);

    /// <summary>An API server's certificate is not the right one.</summary>
    /// <param name="call">The call in words.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="server">Its address.</param>
    /// <param name="reason">What is wrong with the certificate.</param>
    /// <param name="remedy">What to do about that.</param>
    /// <param name="inner">What was thrown.</param>
    public static ChaosException ClusterCertificateRefused(string call, string cluster, string server, string reason, string remedy, Exception? inner = null) => new(
        "ClusterCertificateRefused", ErrorKind.AuthenticationFailed,
        $"Cannot {call}: {server} (cluster '{cluster}') does not prove who it is: {reason.TrimEnd('.')}. Nothing was sent.",
        remedy, call, inner);

    /// <summary>TLS fails otherwise: most often the server does not take the client's certificate, or wants one.</summary>
    /// <param name="call">The call in words.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="server">Its address.</param>
    /// <param name="reason">TLS's words.</param>
    /// <param name="shown">Whether a client certificate was shown.</param>
    /// <param name="inner">What was thrown.</param>
    public static ChaosException ClusterTlsFailed(string call, string cluster, string server, string reason, bool shown, Exception? inner = null) => new(
        "ClusterTlsFailed", ErrorKind.AuthenticationFailed,
        $"Cannot {call}: TLS with {server} (cluster '{cluster}') fails: {reason.TrimEnd('.')}.",
        shown
            ? $"The server may not take the client certificate of the kubeconfig, which may have run out: get a new one. {Renew}"
            : "The server may ask for a client certificate, and the kubeconfig's user has none; or it speaks no TLS: then its address begins with http.",
        call, inner);

    /// <summary>The API server has no such resource.</summary>
    public static ChaosException ClusterResourceUnknown(string call, string cluster, string reason) => new(
        "ClusterResourceUnknown", ErrorKind.NotFound,
        $"Cannot {call} in cluster '{cluster}': its API server has no such resource: {reason}.",
        "Its version may be too old or too new for this version of ChaosPS, or the address is not an API server's: Test-ChaosConnection tells.", call);

    /// <summary>An object of that name exists already.</summary>
    public static ChaosException ClusterObjectExists(string call, string cluster, string reason) => new(
        "ClusterObjectExists", ErrorKind.Conflict,
        $"Cannot {call} in cluster '{cluster}': {reason}.",
        "Use the one that is there, or delete it first.", call);

    /// <summary>A rule of the cluster, not of its access control, refuses a change.</summary>
    public static ChaosException ClusterAdmissionDenied(string call, string cluster, string reason) => new(
        "ClusterAdmissionDenied", ErrorKind.Refused,
        $"A rule of cluster '{cluster}' does not let {call}: {reason}.",
        "It is the cluster's own (an admission webhook or policy, a quota, Pod Security), and its owner can tell how to meet it.", call);

    /// <summary>The request is too large for the API server.</summary>
    public static ChaosException ClusterRequestTooLarge(string call, string cluster, string reason) => new(
        "ClusterRequestTooLarge", ErrorKind.LimitExceeded,
        $"Cannot {call} in cluster '{cluster}': the request is too large: {reason}.",
        "Objects may have 1.5 MiB: most often annotations or managed fields have grown. Look with kubectl get -o yaml --show-managed-fields.", call);

    /// <summary>The server took the request as nobody's.</summary>
    public static ChaosException ClusterAnonymous(string call, string cluster, string server, string reason, string credential) => new(
        "ClusterAnonymous", ErrorKind.AuthenticationFailed,
        $"Cannot {call}: {server} (cluster '{cluster}') took {credential} as anonymous: {reason}.",
        "Give the user of the kubeconfig's context a token, a certificate or a credential plugin; a certificate that another authority has signed counts as none.", call);
}
