namespace ChaosPS.Azure;

/// <summary>What a scale set does by itself about instances that its health probe calls unhealthy.</summary>
/// <remarks>Source: https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs .</remarks>
/// <param name="Action"><c>Replace</c>, <c>Restart</c> or <c>Reimage</c>.</param>
/// <param name="GracePeriod">How long after a change of an instance it is left alone; null when Azure does not say.</param>
/// <param name="IsSuspended">Whether somebody has suspended it.</param>
public sealed record AzureRepairs(string Action, TimeSpan? GracePeriod, bool IsSuspended);
