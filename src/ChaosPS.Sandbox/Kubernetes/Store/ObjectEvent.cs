using System.Text.Json.Nodes;
using ChaosPS.Simulation;

namespace ChaosPS.Sandbox.Kubernetes.Store;

/// <summary>One change of one object, as a watch tells it.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Version">The object's version after it.</param>
/// <param name="Item">The object: only its identity may be read here, everything else has moved on.</param>
/// <param name="Json">The object right after the change, or as it was last, with kind and apiVersion. Never changed.</param>
/// <param name="Before">The object before the change; null when there was none, or when nobody has looked at it then.</param>
internal sealed record ObjectEvent(ChangeType Type, long Version, ApiObject Item, JsonObject Json, JsonObject? Before);
