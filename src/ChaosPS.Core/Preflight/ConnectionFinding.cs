namespace ChaosPS.Preflight;

/// <summary>What the pre-flight found in one place.</summary>
/// <param name="Check">What was looked at, such as <c>Version</c> or <c>Rights: Get-ClusterNode</c>.</param>
/// <param name="Severity">Whether it is in order.</param>
/// <param name="Evidence">What was seen.</param>
/// <param name="Remedy">What to do; null when nothing has to be done.</param>
public sealed record ConnectionFinding(string Check, ConnectionSeverity Severity, string Evidence, string? Remedy = null)
{
    /// <summary>Of what: the cluster with its server's address, or the subscription, tenant and cloud of its machines.</summary>
    public string Where { get; init; } = "";

    /// <summary>For people.</summary>
    public override string ToString() => $"{Check}: {Evidence}{(Where.Length > 0 ? $" ({Where})" : "")}";
}
