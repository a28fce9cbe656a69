using System.Text.Json.Serialization;

namespace ChaosPS.Sandboxes;

/// <summary>What can go wrong with the platform itself, beside the cluster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SandboxFaultKind>))]
public enum SandboxFaultKind
{
    /// <summary>Connections to the Kubernetes API are refused.</summary>
    ApiServerAway,

    /// <summary>Connections to Azure are refused.</summary>
    AzureAway,

    /// <summary>Requests are answered with 429, and when to come again.</summary>
    Throttling,

    /// <summary>Changes are answered with 409: somebody else was faster.</summary>
    Conflict,

    /// <summary>Azure accepts a power operation, which then fails; the machine stays as it is.</summary>
    FailedOperation,

    /// <summary>Azure accepts a power operation and carries it out, but knows nothing of it when it is asked how far it is.</summary>
    LostOperation,

    /// <summary>Machines take longer to start.</summary>
    SlowStart,

    /// <summary>Azure refuses operations on machines with an error code: AuthorizationFailed where nothing else is said.</summary>
    Refusal,

    /// <summary>Azure accepts a power operation and cancels it; the machine stays as it is.</summary>
    CanceledOperation,

    /// <summary>Azure names only the Location of an operation, without a document of its status.</summary>
    LocationOnly,

    /// <summary>Azure names only the document of an operation's status, without a Location.</summary>
    StatusOnly,

    /// <summary>Azure's lists come in pages of one, each with the address of the next.</summary>
    SmallPages,
}
