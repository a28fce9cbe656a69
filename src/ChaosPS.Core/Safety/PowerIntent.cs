using ChaosPS.Clusters;

namespace ChaosPS.Safety;

/// <summary>A change of power before it is made: the pre-state and the undo.</summary>
/// <param name="Before">The instance as it is.</param>
/// <param name="Node">The node on it as it is; null when none is registered.</param>
/// <param name="Action">What will be sent.</param>
/// <param name="Undo">What puts it back; null when nothing has to (it was off) or nothing can (delete).</param>
/// <param name="Held">Whether the user holds it: the run's end does not undo it.</param>
internal sealed record PowerIntent(
    ScaleSetInstance Before, ClusterNode? Node, PowerAction Action, PowerAction? Undo, bool Held)
{
    /// <summary>The name that people know it by.</summary>
    public string Name => Node?.Name ?? Before.Name;
}
