namespace ChaosPS.Sandbox.Kql;

/// <summary>A query that this subset of KQL does not know: the one exception that reading and running a query throws.</summary>
internal sealed class KqlException(string message, KqlToken token) : Exception(message)
{
    /// <summary>Where it went wrong.</summary>
    public KqlToken Token { get; } = token;
}
