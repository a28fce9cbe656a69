namespace ChaosPS.Ports;

/// <summary>The stream that a message belongs to.</summary>
public enum ChaosLogLevel
{
    /// <summary>For the developers of ChaosPS.</summary>
    Debug,

    /// <summary>What is done, and why.</summary>
    Verbose,

    /// <summary>What a user should see without asking.</summary>
    Information,

    /// <summary>Possibly unintended.</summary>
    Warning,
}

/// <summary>Where an operation says what it does. Implementations can be called from any thread and never throw.</summary>
public interface IChaosLog
{
    /// <summary>Writes a message.</summary>
    void Write(ChaosLogLevel level, string message);

    /// <summary>Says how far it is.</summary>
    /// <param name="activity">What is going on, such as <c>Stopping aks-…000000</c>.</param>
    /// <param name="status">What is being waited for.</param>
    /// <param name="percent">0 to 100; null when unknown.</param>
    /// <param name="completed">True for the last one.</param>
    void Progress(string activity, string status, int? percent, bool completed);
}

/// <summary>A log that keeps nothing.</summary>
public sealed class NullLog : IChaosLog
{
    /// <summary>The one instance.</summary>
    public static NullLog Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(ChaosLogLevel level, string message)
    {
    }

    /// <inheritdoc/>
    public void Progress(string activity, string status, int? percent, bool completed)
    {
    }
}
