namespace ChaosPS.Azure;

/// <summary>Where in Azure something is: every message about Azure says it, in these words.</summary>
/// <param name="Subscription">The subscription's id; several with commas between them; null when it is not known.</param>
/// <param name="Cloud">
/// The cloud, in the words of the Azure CLI: <c>AzureCloud</c>, <c>AzureUSGovernment</c>, <c>AzureChinaCloud</c>, or the address of another one; null while it is not known.
/// </param>
/// <param name="TenantId">The tenant of who asks; null while it is not known.</param>
public sealed record AzureScope(string? Subscription, string? Cloud, string? TenantId)
{
    /// <summary>For a <see cref="Subscription"/> that is not one of them, but all that may be seen.</summary>
    public const string All = "*";

    private const string Prefix = "/subscriptions/";

    /// <summary>The subscription that a resource id of Azure begins with; null when it is none.</summary>
    public static string? SubscriptionOf(string? resourceId)
    {
        if (resourceId is null || !resourceId.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var end = resourceId.IndexOf('/', Prefix.Length);
        return end < 0 ? resourceId[Prefix.Length..] : resourceId[Prefix.Length..end];
    }

    /// <summary>A resource id of this subscription, and what it does not say itself.</summary>
    public string Of(string resourceId) => $"{resourceId}, {Outside}";

    /// <summary>In brackets after a sentence, with the space before them; empty where nothing at all is known.</summary>
    internal string Aside => this is { Subscription: null, Cloud: null, TenantId: null } ? "" : $" ({this})";

    /// <summary>For people: <c>subscription …, tenant …, AzureCloud</c>.</summary>
    public override string ToString() => $"{Words}, {Outside}";

    private string Words => Subscription switch
    {
        null => "an unknown subscription",
        All => "all subscriptions that may be seen",
        var several when several.Contains(',', StringComparison.Ordinal) => $"subscriptions {several}",
        var one => $"subscription {one}",
    };

    private string Outside => $"{(TenantId is { } tenant ? $"tenant {tenant}" : "an unknown tenant")}, {Cloud ?? "an unknown cloud"}";
}
