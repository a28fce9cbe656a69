using ChaosPS.Ports;

namespace ChaosPS.Preflight;

/// <summary>An action of Azure that somebody needs on a resource.</summary>
/// <param name="Through">Who.</param>
/// <param name="ResourceId">The resource id.</param>
/// <param name="Action">Such as <c>Microsoft.Compute/virtualMachines/powerOff/action</c>.</param>
internal sealed record AzureNeed(ChaosConnection Through, string ResourceId, string Action);
