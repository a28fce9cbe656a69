namespace ChaosPS.Errors;

/// <summary>What sort of failure it is; the cmdlets turn it into PowerShell's error category.</summary>
public enum ErrorKind
{
    /// <summary>The named thing does not exist, or a selection matches nothing.</summary>
    NotFound,

    /// <summary>An argument is wrong.</summary>
    InvalidArgument,

    /// <summary>A document cannot be read or is not what it should be.</summary>
    InvalidData,

    /// <summary>A safety rule refuses it.</summary>
    Refused,

    /// <summary>The server does not know who asks.</summary>
    AuthenticationFailed,

    /// <summary>The server knows who asks and says no.</summary>
    PermissionDenied,

    /// <summary>The target is busy with something else or changed meanwhile.</summary>
    Conflict,

    /// <summary>The server asks to slow down, or a quota is used up.</summary>
    LimitExceeded,

    /// <summary>It took longer than allowed.</summary>
    Timeout,

    /// <summary>The server could not be reached or broke the connection.</summary>
    ConnectionFailed,

    /// <summary>The operation ran and failed.</summary>
    OperationFailed,

    /// <summary>This version cannot do it.</summary>
    NotSupported,
}
