namespace ChaosPS.Simulation;

/// <summary>Azure refuses a power operation in the machine's present state: HTTP 409.</summary>
public sealed class PowerRefusedException : Exception
{
    internal PowerRefusedException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Azure's error code, such as <c>OperationNotAllowed</c>.</summary>
    public string Code { get; }
}
