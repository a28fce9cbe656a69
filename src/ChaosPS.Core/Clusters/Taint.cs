namespace ChaosPS.Clusters;

/// <summary>What a taint does to pods that do not tolerate it.</summary>
public enum TaintEffect
{
    /// <summary>New pods stay away.</summary>
    NoSchedule,

    /// <summary>New pods stay away if they can.</summary>
    PreferNoSchedule,

    /// <summary>New pods stay away and running ones are evicted.</summary>
    NoExecute,
}

/// <summary>A node taint.</summary>
/// <param name="Key">For example <c>node.kubernetes.io/unreachable</c>.</param>
/// <param name="Value">Empty when the taint has none.</param>
/// <param name="Effect">What it does.</param>
/// <param name="TimeAdded">When a controller set it; null when unknown. Only NoExecute taints carry it upstream.</param>
public sealed record Taint(string Key, string Value, TaintEffect Effect, DateTimeOffset? TimeAdded = null)
{
    /// <summary>As kubectl writes it: <c>key=value:Effect</c>.</summary>
    public override string ToString() => Value.Length == 0 ? $"{Key}:{Effect}" : $"{Key}={Value}:{Effect}";
}

/// <summary>A pod's toleration.</summary>
/// <param name="Key">The taint's key; empty with <c>Exists</c> means every taint.</param>
/// <param name="Exists">True for operator <c>Exists</c>, false for <c>Equal</c>.</param>
/// <param name="Value">Compared with <c>Equal</c>.</param>
/// <param name="Effect">The effect it is for; null means all.</param>
/// <param name="TolerationSeconds">For NoExecute: how long; null means for ever.</param>
public sealed record Toleration(string Key, bool Exists, string Value, TaintEffect? Effect, long? TolerationSeconds = null)
{
    /// <summary>Whether this toleration covers <paramref name="taint"/> (for a time, perhaps).</summary>
    public bool Tolerates(Taint taint)
    {
        ArgumentNullException.ThrowIfNull(taint);
        if (Effect is { } effect && effect != taint.Effect) return false;
        if (Key.Length == 0) return Exists;
        return Key == taint.Key && (Exists || Value == taint.Value);
    }
}
