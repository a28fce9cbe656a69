using ChaosPS.Ports;

namespace ChaosPS.Cli;

/// <summary>Writes what an operation says, a line a message, and remembers where it is.</summary>
/// <remarks>A terminal that was closed takes nothing any more; what is being put back then goes on unheard.</remarks>
/// <param name="writer">Where to.</param>
/// <param name="live">Whether to say what goes on while it goes on.</param>
/// <param name="verbose">Whether to say everything.</param>
internal sealed class TerminalLog(TextWriter writer, bool live, bool verbose) : IChaosLog
{
    private readonly Lock _lock = new();
    private string? _current;

    /// <summary>What it was last seen doing; null before anything and after the last of it is completed.</summary>
    public string? Current
    {
        get
        {
            lock (_lock) return _current;
        }
    }

    public void Write(ChaosLogLevel level, string message)
    {
        var text = level switch
        {
            ChaosLogLevel.Warning => $"warning: {message}",
            ChaosLogLevel.Information when live || verbose => message,
            ChaosLogLevel.Verbose when verbose => $"verbose: {message}",
            _ => null,
        };
        if (text is not null) Say(text);
    }

    public void Progress(string activity, string status, int? percent, bool completed)
    {
        lock (_lock) _current = completed ? null : $"{activity}: {status}";
    }

    /// <summary>Writes a line, whatever was asked for.</summary>
    public void Say(string line)
    {
        try
        {
            lock (_lock) writer.WriteLine(line);
        }
        catch (IOException)
        {
            // The terminal is gone: nobody is there to be told so.
        }
    }
}
