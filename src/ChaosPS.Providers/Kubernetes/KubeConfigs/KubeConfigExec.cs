namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>A program that gives credentials.</summary>
/// <param name="Command">A name that is looked for in PATH, or an absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables that it gets besides those of the process.</param>
/// <param name="ApiVersion">The version of its contract.</param>
/// <param name="InstallHint">What to say when it is not there; empty for nothing.</param>
/// <param name="ProvideClusterInfo">Whether it is told of the cluster.</param>
/// <param name="InteractiveMode"><c>Never</c>, <c>IfAvailable</c> or <c>Always</c>; empty when the file says nothing.</param>
internal sealed record KubeConfigExec(
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    string ApiVersion,
    string InstallHint,
    bool ProvideClusterInfo,
    string InteractiveMode);
