namespace ChaosPS.Clusters;

/// <summary>A PriorityClass: how important the pods are that name it.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Value">The higher, the more important.</param>
/// <param name="IsDefault">Whether pods that name no class have it.</param>
/// <param name="NeverPreempts">Whether its pods wait rather than push others out.</param>
public sealed record PriorityClass(string Name, int Value, bool IsDefault = false, bool NeverPreempts = false);
