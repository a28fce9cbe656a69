using System.Globalization;

namespace ChaosPS.Simulation;

/// <summary>Writes Kubernetes events. The same event about the same object again counts up.</summary>
internal sealed class EventRecorder(ClusterState state)
{
    private readonly Dictionary<(SimulatedObject, string Component, string Reason, string Message), SimulatedEvent> _known = [];
    private long _sequence;

    public void Normal(SimulatedObject about, string reason, string message, string component, string? host = null) =>
        Write("Normal", about, reason, message, component, host, action: null);

    public void Warning(SimulatedObject about, string reason, string message, string component, string? host = null) =>
        Write("Warning", about, reason, message, component, host, action: null);

    /// <summary>In the newer form, which the scheduler writes.</summary>
    public void WriteNewForm(string type, SimulatedObject about, string reason, string message, string component, string action) =>
        Write(type, about, reason, message, component, host: null, action);

    private void Write(string type, SimulatedObject about, string reason, string message, string component, string? host, string? action)
    {
        var key = (about, component, reason, message);
        if (_known.TryGetValue(key, out var known))
        {
            known.Count++;
            known.LastTimestamp = state.Now;
            state.Touch(known);
            return;
        }

        // Kubernetes makes the name from the nanoseconds of the first time; the sequence keeps those of one instant apart.
        var nanoseconds = ((state.Now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100) + (_sequence++ % 100);
        var name = string.Create(CultureInfo.InvariantCulture, $"{about.Name}.{nanoseconds:x16}");
        var @namespace = about.Namespace.Length == 0 ? "default" : about.Namespace;
        var written = new SimulatedEvent(@namespace, name, state.NewUid("Event", @namespace, name), state.Now)
        {
            Type = type,
            Reason = reason,
            Message = message,
            InvolvedObject = about,
            InvolvedResourceVersion = about.ResourceVersion,
            Component = component,
            Host = host,
            Action = action,
            LastTimestamp = state.Now,
        };
        _known.Add(key, written);
        state.Add(written);
    }
}
