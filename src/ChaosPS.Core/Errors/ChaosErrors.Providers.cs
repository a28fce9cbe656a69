using ChaosPS.Azure;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A text is no YAML or JSON document, or not one that is read here.</summary>
    /// <param name="source">The file's name.</param>
    /// <param name="line">1-based line of the mistake.</param>
    /// <param name="column">1-based column of the mistake.</param>
    /// <param name="reason">What is wrong there, in plain words.</param>
    /// <param name="inner">What the parser threw.</param>
    public static ChaosException DocumentInvalid(string source, int line, int column, string reason, Exception? inner = null) => new(
        "DocumentInvalid", ErrorKind.InvalidData,
        $"{source}({line},{column}): {reason}.",
        "Mend the text at that line and column.", source, inner);

    /// <summary>An explicitly named kubeconfig is not there.</summary>
    public static ChaosException KubeConfigNotFound(string path) => new(
        "KubeConfigNotFound", ErrorKind.NotFound,
        $"There is no kubeconfig '{path}'.",
        "Check the path; without one, KUBECONFIG and then ~/.kube/config are read.", path);

    /// <summary>A kubeconfig cannot be read or used.</summary>
    public static ChaosException KubeConfigInvalid(string path, string reason, Exception? inner = null) => new(
        "KubeConfigInvalid", ErrorKind.InvalidData,
        $"The kubeconfig '{path}' cannot be used: {reason.TrimEnd('.')}.",
        "'kubectl config view' shows how kubectl reads it; 'az aks get-credentials' writes one for an AKS cluster.", path, inner);

    /// <summary>A kubeconfig has no context of that name.</summary>
    public static ChaosException ContextNotFound(string context, string path, IEnumerable<string> existing) => new(
        "ContextNotFound", ErrorKind.NotFound,
        $"The kubeconfig '{path}' has no context '{context}'. Its contexts: {List(existing)}.",
        "Connect-ChaosCluster -Context takes one of them; upper and lower case differ.", context);

    /// <summary>A kubeconfig has no current context, and none was named.</summary>
    public static ChaosException ContextNotChosen(string path, IEnumerable<string> existing) => new(
        "ContextNotChosen", ErrorKind.InvalidArgument,
        $"The kubeconfig '{path}' has no current context. Its contexts: {List(existing)}.",
        "Name one: Connect-ChaosCluster -Context; or choose one for all tools: kubectl config use-context.", path);

    /// <summary>The id of <see cref="ClusterObjectNotFound"/>: for who asks whether an object is there, that is an answer.</summary>
    public const string ClusterObjectNotFoundId = "ClusterObjectNotFound";

    /// <summary>The API server knows no object of that name.</summary>
    public static ChaosException ClusterObjectNotFound(string call, string cluster, string reason) => new(
        ClusterObjectNotFoundId, ErrorKind.NotFound,
        $"Cannot {call} in cluster '{cluster}': {reason}.",
        "See whether it was deleted meanwhile, and whether the session is connected to the right cluster: Get-ChaosConnection.", call);

    /// <summary>The API server does not accept the credentials.</summary>
    /// <param name="call">The call in words.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="server">Its address.</param>
    /// <param name="credential">What was shown, such as <c>the token of user 'admin'</c>.</param>
    /// <param name="reason">The server's words.</param>
    /// <param name="remedy">How to get new credentials of that kind.</param>
    public static ChaosException ClusterAuthenticationFailed(
        string call, string cluster, string server, string credential, string reason, string remedy) => new(
        "ClusterAuthenticationFailed", ErrorKind.AuthenticationFailed,
        $"Cannot {call}: {server} (cluster '{cluster}') does not accept {credential}: {reason}.",
        remedy, call);

    /// <summary>RBAC forbids the call.</summary>
    /// <param name="call">The call in words.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="reason">The server's words.</param>
    /// <param name="remedy">The rule that would allow it, and the commands that make it.</param>
    public static ChaosException ClusterForbidden(string call, string cluster, string reason, string remedy) => new(
        "ClusterForbidden", ErrorKind.PermissionDenied,
        $"Not allowed to {call} in cluster '{cluster}': {reason}.",
        remedy, call);

    /// <summary>The object changed meanwhile, or a precondition does not hold.</summary>
    public static ChaosException ClusterConflict(string call, string cluster, string reason) => new(
        "ClusterConflict", ErrorKind.Conflict,
        $"Cannot {call} in cluster '{cluster}': {reason}.",
        "Somebody else changed it at the same time. Read it again and repeat the command.", call);

    /// <summary>The id of <see cref="ClusterListExpired"/>: whoever pages starts again.</summary>
    public const string ClusterListExpiredId = "ClusterListExpired";

    /// <summary>The pages of a list, or the start of a watch, are too old for the API server.</summary>
    public static ChaosException ClusterListExpired(string call, string cluster, string reason) => new(
        ClusterListExpiredId, ErrorKind.Conflict,
        $"Cannot {call} in cluster '{cluster}': {reason}.",
        "Repeat the command.", call);

    /// <summary>The API server calls the request wrong.</summary>
    public static ChaosException ClusterRequestInvalid(string call, string cluster, string reason) => new(
        "ClusterRequestInvalid", ErrorKind.InvalidArgument,
        $"The API server of cluster '{cluster}' refuses to {call}: {reason}.",
        "Change what it names and repeat the command.", call);

    /// <summary>The API server asks to slow down.</summary>
    public static ChaosException ClusterTooManyRequests(string call, string cluster, string reason) => new(
        "ClusterTooManyRequests", ErrorKind.LimitExceeded,
        $"Cannot {call} in cluster '{cluster}' now: {reason}.",
        "Wait a little and repeat the command.", call);

    /// <summary>A disruption budget forbids an eviction at present.</summary>
    public static ChaosException EvictionRefused(string @namespace, string pod, string reason) => new(
        "EvictionRefused", ErrorKind.LimitExceeded,
        $"Pod {@namespace}/{pod} may not be evicted now: {reason.TrimEnd('.')}.",
        "Wait until more of its pods are healthy, or give the workload more replicas (Set-WorkloadReplica).", $"{@namespace}/{pod}");

    /// <summary>The eviction API cannot evict a pod at any time.</summary>
    public static ChaosException EvictionImpossible(string @namespace, string pod, string reason) => new(
        "EvictionImpossible", ErrorKind.Refused,
        $"Pod {@namespace}/{pod} cannot be evicted: {reason.TrimEnd('.')}.",
        "Leave it one budget, or delete it without asking budgets (-DisableEviction).", $"{@namespace}/{pod}");

    /// <summary>The API server failed by itself.</summary>
    public static ChaosException ClusterServerFailed(string call, string cluster, string server, int status, string reason) => new(
        "ClusterServerFailed", ErrorKind.OperationFailed,
        $"Cannot {call}: {server} (cluster '{cluster}') answered {status}: {reason}.",
        "The control plane has a problem of its own or is being upgraded; repeat the command later.", call);

    /// <summary>The API server cannot be reached, or the connection broke.</summary>
    public static ChaosException ClusterUnreachable(string call, string cluster, string server, string reason, Exception? inner) => new(
        "ClusterUnreachable", ErrorKind.ConnectionFailed,
        $"Cannot {call}: {server} (cluster '{cluster}') cannot be reached: {reason.TrimEnd('.')}.",
        "Check that the cluster runs, that this machine may reach its API server (VPN, private cluster, firewall), and the kubeconfig's address.", call, inner);

    /// <summary>The answer of the API server ended before it was whole, each time that it was asked for.</summary>
    public static ChaosException ClusterAnswerCut(string call, string cluster, string server, string reason, Exception? inner) => new(
        "ClusterAnswerCut", ErrorKind.ConnectionFailed,
        $"Cannot {call}: the answer of {server} (cluster '{cluster}') is cut off: {reason.TrimEnd('.')}. Nothing of it was used.",
        "Repeat the command. If it happens again, something between this machine and the API server (VPN, proxy, load balancer) ends long answers: "
        + "reading one namespace makes them shorter.", call, inner);

    /// <summary>The API server did not answer in time.</summary>
    public static ChaosException ClusterTimeout(string call, string cluster, string server, TimeSpan timeout) => new(
        "ClusterTimeout", ErrorKind.Timeout,
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Cannot {call}: {server} (cluster '{cluster}') did not answer within {timeout.TotalSeconds:0} s."),
        "Check the way to the API server; if it is overloaded, repeat the command later.", call);

    /// <summary>Nothing says in which Azure subscription to look.</summary>
    public static ChaosException SubscriptionUnknown(string cluster, AzureScope scope) => new(
        "SubscriptionUnknown", ErrorKind.InvalidArgument,
        $"No Azure subscription to look in: AZURE_SUBSCRIPTION_ID is not set and no node of cluster '{cluster}' is an Azure machine ({scope}).",
        "Set AZURE_SUBSCRIPTION_ID to the subscription that the scale sets are in.", cluster);

    /// <summary>Azure does not accept who asks, or nobody is logged in.</summary>
    public static ChaosException AzureAuthenticationFailed(string call, string reason, string? advice = null, Exception? inner = null) => new(
        "AzureAuthenticationFailed", ErrorKind.AuthenticationFailed,
        $"Cannot {call}: Azure does not know who asks: {reason.TrimEnd('.')}.",
        advice ?? "Log in (az login, Connect-AzAccount), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.", call, inner);

    /// <summary>Azure forbids the call.</summary>
    /// <param name="call">The call in words.</param>
    /// <param name="code">ARM's code.</param>
    /// <param name="reason">ARM's words.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="inner">What the client threw.</param>
    public static ChaosException AzureForbidden(string call, string code, string reason, string advice, Exception? inner = null) => new(
        "AzureForbidden", ErrorKind.PermissionDenied,
        $"Not allowed to {call}: {reason.TrimEnd('.')} ({code}).", advice, call, inner);

    /// <summary>A lock on the resource or on what it is in.</summary>
    public static ChaosException AzureLocked(string call, string code, string reason, string advice, Exception? inner = null) => new(
        "AzureLocked", ErrorKind.PermissionDenied,
        $"Cannot {call}: {reason.TrimEnd('.')} ({code}).", advice, call, inner);

    /// <summary>The region has no room for the machine, or the subscription's quota is used up.</summary>
    public static ChaosException AzureCapacityMissing(string call, string code, string reason, string advice, Exception? inner = null) => new(
        "AzureCapacityMissing", ErrorKind.LimitExceeded,
        $"Cannot {call}: {reason.TrimEnd('.')} ({code}).", advice, call, inner);

    /// <summary>Azure does not know the resource.</summary>
    public static ChaosException AzureResourceNotFound(string call, string code, string reason, string? advice = null, Exception? inner = null) => new(
        "AzureResourceNotFound", ErrorKind.NotFound,
        $"Cannot {call}: {reason.TrimEnd('.')} ({code}).",
        advice ?? "See whether the machine was deleted (the autoscaler does that) and whether the subscription is the right one: Get-ClusterNode shows what exists.", call, inner);

    /// <summary>Another operation is going on, or the machine's state does not allow it.</summary>
    public static ChaosException AzureConflict(string call, string code, string reason, string? advice = null, Exception? inner = null) => new(
        "AzureConflict", ErrorKind.Conflict,
        $"Cannot {call}: {reason.TrimEnd('.')} ({code}).",
        advice ?? "Wait until the machine's present operation is over, look at its power state, then repeat the command.", call, inner);

    /// <summary>Another operation on the machine did not end while it was waited for.</summary>
    public static ChaosException AzureBusy(string call, string code, string reason, TimeSpan waited, Exception? inner = null) => new(
        "AzureBusy", ErrorKind.Conflict,
        $"Cannot {call}: another operation is in the way, also after {Text.Seconds(waited)}: {reason.TrimEnd('.')} ({code}).",
        "The activity log says who is at work: az monitor activity-log list --resource-group <node resource group> --offset 1h. An upgrade or scaling of the "
            + "node pool has to end first (az aks nodepool show); then repeat the command.", call, inner);

    /// <summary>Azure asks to slow down.</summary>
    public static ChaosException AzureTooManyRequests(string call, string code, string reason, TimeSpan? pause = null, Exception? inner = null) => new(
        "AzureTooManyRequests", ErrorKind.LimitExceeded,
        $"Cannot {call}: Azure limits the calls: {reason.TrimEnd('.')} ({code}).",
        $"Wait {(pause is { } asked ? Text.Seconds(asked) : "a few minutes")}: the limits count per machine, region and subscription, and other tools' calls count too.", call, inner);

    /// <summary>Azure calls the request wrong, or refuses it by policy or quota.</summary>
    public static ChaosException AzureRequestRefused(string call, string code, string reason, Exception? inner = null) => new(
        "AzureRequestRefused", ErrorKind.InvalidArgument,
        $"Azure refuses to {call}: {reason.TrimEnd('.')} ({code}).",
        "Change what it names and repeat the command.", call, inner);

    /// <summary>Azure failed by itself.</summary>
    public static ChaosException AzureServiceFailed(string call, int status, string code, string reason, Exception? inner = null) => new(
        "AzureServiceFailed", ErrorKind.OperationFailed,
        $"Cannot {call}: Azure answered {status}: {reason.TrimEnd('.')} ({code}).",
        "It may be an outage (https://azure.status.microsoft); repeat the command later.", call, inner);

    /// <summary>Azure cannot be reached.</summary>
    public static ChaosException AzureUnreachable(string call, string reason, Exception? inner = null) => new(
        "AzureUnreachable", ErrorKind.ConnectionFailed,
        $"Cannot {call}: Azure Resource Manager cannot be reached: {reason.TrimEnd('.')}.",
        "Check the network and the proxy settings (HTTPS_PROXY) of this machine.", call, inner);

    /// <summary>Azure did not answer in time.</summary>
    public static ChaosException AzureTimeout(string call, Exception? inner = null) => new(
        "AzureTimeout", ErrorKind.Timeout,
        $"Cannot {call}: Azure Resource Manager did not answer in time.",
        "Check the network, then look at the machine's power state before repeating a change: it may have been accepted.", call, inner);

    /// <summary>Azure answered with something that is not what was asked for.</summary>
    public static ChaosException AzureAnswerInvalid(string call, string reason, Exception? inner = null) => new(
        "AzureAnswerInvalid", ErrorKind.InvalidData,
        $"Cannot {call}: the answer cannot be read: {reason.TrimEnd('.')}.",
        "See whether a proxy stands between this machine and Azure.", call, inner);

    /// <summary>What Azure answered leads to another host, which must not get a token.</summary>
    public static ChaosException AzureAddressForeign(string call, string reason) => new(
        "AzureAddressForeign", ErrorKind.InvalidData,
        $"Cannot {call}: {reason.TrimEnd('.')}.",
        "See whether a proxy stands between this machine and Azure, and whether the addresses of the auth file are those of the cloud.", call);

    /// <summary>Azure does not understand a Resource Graph filter.</summary>
    public static ChaosException FilterInvalid(string filter, AzureScope scope, string reason, Exception? inner = null) => new(
        "FilterInvalid", ErrorKind.InvalidArgument,
        $"Azure Resource Graph cannot read the filter '{filter}' in {scope}: {reason.TrimEnd('.')}.",
        "A filter is the part of a Resource Graph query after the table, such as: where resourceGroup =~ 'MC_app' and name == 'aks-pool-vmss'.", filter, inner);

    /// <summary>An accepted operation ended badly.</summary>
    /// <param name="call">The operation in words, with its machine.</param>
    /// <param name="status">Azure's last word: Failed or Canceled.</param>
    /// <param name="code">ARM's code.</param>
    /// <param name="reason">ARM's words.</param>
    /// <param name="advice">What to do about this code; null when nothing special is known.</param>
    /// <param name="inner">What the client threw.</param>
    public static ChaosException PowerOperationFailed(
        string call, string status, string code, string reason, string? advice = null, Exception? inner = null) => new(
        "PowerOperationFailed", ErrorKind.OperationFailed,
        $"Azure accepted to {call}, but the operation ended as {status}: {reason.TrimEnd('.')} ({code}).",
        advice ?? "Look at the machine's power state before anything else: it may be in between. The activity log of the node resource group says more.", call, inner);

    /// <summary>Azure no longer knows an operation that it accepted, and the machine's state does not tell whether it was done.</summary>
    /// <param name="call">The operation in words, with its machine.</param>
    /// <param name="state">The machine's state now.</param>
    /// <param name="inner">What the client threw.</param>
    /// <param name="what">What it is: machine or cluster.</param>
    public static ChaosException PowerOperationLost(string call, string state, Exception? inner = null, string what = "machine") => new(
        "PowerOperationLost", ErrorKind.OperationFailed,
        $"Azure accepted to {call}, but no longer knows the operation: whether it was done is unknown. The {what} is {state}.",
        "The activity log of the node resource group says whether it was carried out: az monitor activity-log list --resource-group <group> --offset 1h.", call, inner);

    /// <summary>Azure says that an operation is done, and the machine is in another state.</summary>
    public static ChaosException PowerStateOther(string call, string state, TimeSpan waited, string what = "machine") => new(
        "PowerStateOther", ErrorKind.OperationFailed,
        $"Azure says that it is done with: {call}. But {Text.Seconds(waited)} later the {what} is {state}.",
        "Somebody else may have changed it since (auto-repair starts machines, the autoscaler deletes them): the activity log of the node resource group says who.", call);

    /// <summary>Azure has accepted an operation and does not come to its end.</summary>
    public static ChaosException PowerOperationTimeout(string call, TimeSpan waited) => new(
        "PowerOperationTimeout", ErrorKind.Timeout,
        $"Azure accepted to {call}, but has not done it after {Text.Seconds(waited)}.",
        "It may still come to its end: look at the machine's power state. The activity log of the node resource group says more.", call);
}
