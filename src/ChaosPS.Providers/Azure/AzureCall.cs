namespace ChaosPS.Providers.Azure;

/// <summary>A call to Azure in words, and the permission that it needs.</summary>
/// <param name="Words">For people: <c>power off 'aks-…-vmss_0'</c>.</param>
/// <param name="Permission">The action that a role must allow, such as <c>Microsoft.Compute/virtualMachineScaleSets/virtualMachines/powerOff/action</c>.</param>
internal sealed record AzureCall(string Words, string Permission)
{
    /// <summary>The words.</summary>
    public override string ToString() => Words;
}
