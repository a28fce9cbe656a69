using Azure.Core;

namespace ChaosPS.Providers.Azure;

/// <summary>A call to Azure in words, and the permission that it needs.</summary>
/// <param name="What">What is asked for: <c>power off instance 'aks-…-vmss_0'</c>.</param>
/// <param name="Permission">The action that a role must allow, such as <c>Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action</c>.</param>
/// <param name="Scope">The resource id of what is called, as far as it is known: where a role would have to be assigned.</param>
internal sealed record AzureCall(string What, string Permission, string? Scope = null)
{
    /// <summary>The cloud, or the host, where it is another one than Azure's own; else null.</summary>
    public string? Cloud { get; init; }

    /// <summary>For people: what is asked for, in which subscription, and in which cloud where it is another one than Azure's own.</summary>
    public string Words => $"{What}{(SubscriptionId is { } id ? $" in subscription {id}" : "")}{(Cloud is { } cloud ? $" ({cloud})" : "")}";

    private string? SubscriptionId => Scope is { } scope && scope.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase)
        ? new ResourceIdentifier(scope).SubscriptionId : null;

    /// <summary>The words.</summary>
    public override string ToString() => Words;
}
