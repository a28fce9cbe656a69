namespace ChaosPS.Simulation;

/// <summary>A condition of a Deployment: Available or Progressing.</summary>
/// <param name="Type">The condition's type.</param>
/// <param name="Status"><c>True</c> or <c>False</c>.</param>
/// <param name="Reason">A machine word for the last change.</param>
/// <param name="Message">The same for people.</param>
/// <param name="LastUpdateTime">When it was last written.</param>
/// <param name="LastTransitionTime">When the status last changed.</param>
public sealed record DeploymentCondition(
    string Type, string Status, string Reason, string Message, DateTimeOffset LastUpdateTime, DateTimeOffset LastTransitionTime);
