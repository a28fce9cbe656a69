using Azure.ResourceManager;
using ChaosPS.Azure;

namespace ChaosPS.Providers.Azure;

/// <summary>The Resource Manager of one cloud, and who asks it: every call is made by it, so that none is without its place.</summary>
/// <param name="client">The SDK's client.</param>
/// <param name="cloud">The cloud's name.</param>
/// <param name="tenant">The tenant of who asks, as far as it is known by then.</param>
internal sealed class Arm(ArmClient client, string cloud, Func<string?> tenant)
{
    /// <summary>The SDK's client.</summary>
    public ArmClient Client => client;

    /// <summary>Where a subscription is.</summary>
    /// <param name="subscription">As in <see cref="AzureScope.Subscription"/>.</param>
    public AzureScope ScopeOf(string? subscription) => new(subscription, cloud, tenant());

    /// <summary>A call on a resource, in words.</summary>
    /// <param name="what">What is asked for: <c>power off instance 'aks-…-vmss_0'</c>.</param>
    /// <param name="permission">What a role must allow.</param>
    /// <param name="resourceId">The resource id of what is called.</param>
    public AzureCall Call(string what, string permission, string resourceId) =>
        new(what, permission, () => ScopeOf(AzureScope.SubscriptionOf(resourceId))) { ResourceId = resourceId };

    /// <summary>A call on several subscriptions, in words.</summary>
    /// <param name="what">What is asked for.</param>
    /// <param name="permission">What a role must allow.</param>
    /// <param name="subscriptions">Their ids; none stands for all that may be seen.</param>
    public AzureCall Call(string what, string permission, IReadOnlyList<string> subscriptions) =>
        new(what, permission, () => ScopeOf(subscriptions.Count == 0 ? AzureScope.All : string.Join(", ", subscriptions)))
        {
            ResourceId = subscriptions is [var only] ? $"/subscriptions/{only}" : null,
        };
}
