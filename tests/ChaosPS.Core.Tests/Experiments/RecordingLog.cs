using System.Collections.Concurrent;
using ChaosPS.Ports;

namespace ChaosPS.Tests.Experiments;

/// <summary>Keeps what it is told.</summary>
public sealed class RecordingLog : IChaosLog
{
    public ConcurrentQueue<(ChaosLogLevel Level, string Message)> Messages { get; } = [];

    /// <summary>Called with each message: a test can act in the middle of a run.</summary>
    public Action<string>? OnMessage { get; set; }

    public void Write(ChaosLogLevel level, string message)
    {
        Messages.Enqueue((level, message));
        OnMessage?.Invoke(message);
    }

    public void Progress(string activity, string status, int? percent, bool completed)
    {
    }
}
