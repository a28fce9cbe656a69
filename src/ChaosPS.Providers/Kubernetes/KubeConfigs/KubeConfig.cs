namespace ChaosPS.Providers.Kubernetes.KubeConfigs;

/// <summary>One kubeconfig file, or several merged ones.</summary>
/// <remarks>Source of the fields: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ .</remarks>
internal sealed record KubeConfig
{
    /// <summary>The context that is used unless another is named; empty when there is none.</summary>
    public string CurrentContext { get; init; } = "";

    /// <summary>By name, in the order of the files.</summary>
    public OrderedDictionary<string, KubeConfigContext> Contexts { get; init; } = [];

    /// <inheritdoc cref="Contexts"/>
    public OrderedDictionary<string, KubeConfigCluster> Clusters { get; init; } = [];

    /// <inheritdoc cref="Contexts"/>
    public OrderedDictionary<string, KubeConfigUser> Users { get; init; } = [];

    /// <summary>Several files as one: of equal names the first file's entry counts, whole; the current context is the first that any file names.</summary>
    public static KubeConfig Merge(IReadOnlyList<KubeConfig> files) => new()
    {
        CurrentContext = files.Select(static file => file.CurrentContext).FirstOrDefault(static name => name.Length > 0) ?? "",
        Contexts = FirstOfEach(files.Select(static file => file.Contexts)),
        Clusters = FirstOfEach(files.Select(static file => file.Clusters)),
        Users = FirstOfEach(files.Select(static file => file.Users)),
    };

    private static OrderedDictionary<string, T> FirstOfEach<T>(IEnumerable<OrderedDictionary<string, T>> files)
    {
        var merged = new OrderedDictionary<string, T>();
        foreach (var (name, entry) in files.SelectMany(static file => file)) merged.TryAdd(name, entry);
        return merged;
    }
}
