using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>Passes messages on without secrets. Whoever cannot take them any more keeps nothing from being done, least of all from being put back.</summary>
internal sealed class RedactingLog(IChaosLog inner, Redactor redactor) : IChaosLog
{
    /// <inheritdoc/>
    public void Write(ChaosLogLevel level, string message) => Try(() => inner.Write(level, redactor.Redact(message)));

    /// <inheritdoc/>
    public void Progress(string activity, string status, int? percent, bool completed) =>
        Try(() => inner.Progress(redactor.Redact(activity), redactor.Redact(status), percent, completed));

    private static void Try(Action say)
    {
        try
        {
            say();
        }
        catch (Exception)
        {
            // There is nobody left to be told; the journal has what matters.
        }
    }
}
