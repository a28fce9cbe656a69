namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>A difference between recording and simulation that is to be, and why. One that does not occur any more fails the test.</summary>
/// <param name="Text">A part of the difference's text.</param>
/// <param name="Reason">Why it is no fault of the model.</param>
internal sealed record KnownDifference(string Text, string Reason);
