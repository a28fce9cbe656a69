using ChaosPS.Azure;

namespace ChaosPS.Providers.Azure;

/// <summary>A call to Azure in words, where it goes, and the permission that it needs. Made by <see cref="Arm"/>.</summary>
/// <param name="What">What is asked for: <c>power off instance 'aks-…-vmss_0'</c>.</param>
/// <param name="Permission">The action that a role must allow, such as <c>Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action</c>.</param>
/// <param name="Scope">Where it goes. Asked when the words are wanted: the tenant is known by then, if it ever is.</param>
internal sealed record AzureCall(string What, string Permission, Func<AzureScope> Scope)
{
    /// <summary>The resource id of what is called, where a role would have to be assigned; null when it is none.</summary>
    public string? ResourceId { get; init; }

    /// <summary>For people: what is asked for, in which subscription, tenant and cloud.</summary>
    public string Words => $"{What} in {Scope()}";

    /// <summary>The words.</summary>
    public override string ToString() => Words;
}
