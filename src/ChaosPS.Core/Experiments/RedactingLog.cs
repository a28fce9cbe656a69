using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Passes messages on without secrets.</summary>
internal sealed class RedactingLog(IChaosLog inner, Redactor redactor) : IChaosLog
{
    /// <inheritdoc/>
    public void Write(ChaosLogLevel level, string message) => inner.Write(level, redactor.Redact(message));

    /// <inheritdoc/>
    public void Progress(string activity, string status, int? percent, bool completed) =>
        inner.Progress(redactor.Redact(activity), redactor.Redact(status), percent, completed);
}
