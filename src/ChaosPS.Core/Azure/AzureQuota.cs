namespace ChaosPS.Azure;

/// <summary>How much of something a subscription has and may have in a region.</summary>
/// <param name="Name">What, such as <c>cores</c> or <c>standardDSv3Family</c>.</param>
/// <param name="Label">The same for people: <c>Total Regional vCPUs</c>.</param>
/// <param name="Used">How much there is.</param>
/// <param name="Limit">How much there may be.</param>
public sealed record AzureQuota(string Name, string Label, long Used, long Limit)
{
    /// <summary>How much is left.</summary>
    public long Left => Limit - Used;
}
