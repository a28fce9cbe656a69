namespace ChaosPS.Simulation;

/// <summary>A condition of a pod: PodScheduled, Initialized, PodReadyToStartContainers, ContainersReady, Ready, DisruptionTarget.</summary>
/// <param name="Type">The condition's type.</param>
/// <param name="Status"><c>True</c> or <c>False</c>.</param>
/// <param name="Reason">A machine word for the last change; empty when there is none.</param>
/// <param name="Message">The same for people; empty when there is none.</param>
/// <param name="LastTransitionTime">When the status last changed.</param>
public sealed record PodCondition(string Type, string Status, string Reason, string Message, DateTimeOffset LastTransitionTime);
