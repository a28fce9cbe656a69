using System.Text.Json.Serialization;

namespace ChaosPS.Sandboxes;

/// <summary>Which of the two APIs a fault is in front of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SandboxFaultTarget>))]
public enum SandboxFaultTarget
{
    /// <summary>The Kubernetes API.</summary>
    Kubernetes,

    /// <summary>Azure Resource Manager and Resource Graph.</summary>
    Azure,
}
