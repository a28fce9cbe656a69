using ChaosPS.Faults;

namespace ChaosPS.Simulation;

/// <summary>A fault inside a machine.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">What goes wrong.</param>
/// <param name="EndTime">When the machine ends it by itself.</param>
internal sealed record SimulatedFault(string Id, FaultSpec Spec, DateTimeOffset EndTime);
