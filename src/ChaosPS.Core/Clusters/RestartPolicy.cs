namespace ChaosPS.Clusters;

/// <summary>What a kubelet does with containers that have ended.</summary>
public enum RestartPolicy
{
    /// <summary>It starts them again: they are servers.</summary>
    Always,

    /// <summary>It starts them again unless they ended with success.</summary>
    OnFailure,

    /// <summary>It leaves them: the pod has succeeded or failed.</summary>
    Never,
}
