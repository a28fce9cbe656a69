namespace ChaosPS.Providers.Azure;

/// <summary>A call to Azure in words, and the permission that it needs.</summary>
/// <param name="Words">For people: <c>power off instance 'aks-…-vmss_0'</c>.</param>
/// <param name="Permission">The action that a role must allow, such as <c>Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action</c>.</param>
/// <param name="Scope">The resource id of what is called, as far as it is known: where a role would have to be assigned.</param>
internal sealed record AzureCall(string Words, string Permission, string? Scope = null)
{
    /// <summary>The words.</summary>
    public override string ToString() => Words;
}
