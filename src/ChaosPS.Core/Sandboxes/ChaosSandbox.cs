using ChaosPS.Time;

namespace ChaosPS.Sandboxes;

/// <summary>An emulated AKS cluster inside this process: Kubernetes API, Azure Resource Manager, Resource Graph and the application.</summary>
public sealed class ChaosSandbox
{
    /// <summary>The sandbox's name, such as <c>contactsapp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What all chance in it comes from: one seed, one history.</summary>
    public required int Seed { get; init; }

    /// <summary>Its clock.</summary>
    public required VirtualClock Clock { get; init; }

    /// <summary>Answers every request to its hosts; refuses requests to any other.</summary>
    public required HttpMessageHandler Handler { get; init; }

    /// <summary>The address of its Kubernetes API.</summary>
    public required Uri KubernetesUri { get; init; }

    /// <summary>The address of its Azure Resource Manager.</summary>
    public required Uri AzureUri { get; init; }

    /// <summary>The subscription that its machines are in.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The variables that point at it, as the workshop's experiment reads them.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The sandbox's present time.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
