using System.Management.Automation;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Sessions;

/// <summary>What a script writes while it runs: its output is kept, its messages are passed on, its errors fail it.</summary>
/// <param name="call">The script.</param>
/// <param name="log">Takes the messages.</param>
/// <param name="show">Shows now what was passed on so far.</param>
internal sealed class ScriptOutput(ScriptCall call, IChaosLog log, Action show)
{
    private readonly List<object?> _output = [];
    private readonly List<string> _errors = [];
    private Exception? _inner;

    /// <summary>Takes what comes out of the merged streams.</summary>
    public void Add(PSObject? record)
    {
        switch (record?.BaseObject)
        {
            // What programs write to their stream for errors need not be one.
            case ErrorRecord error when error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal):
                Say(ChaosLogLevel.Information, error.ToString());
                break;
            case ErrorRecord error:
                Fail(error, error.Exception);
                break;
            case WarningRecord warning:
                Say(ChaosLogLevel.Warning, warning.Message);
                break;
            case VerboseRecord verbose:
                Say(ChaosLogLevel.Verbose, verbose.Message);
                break;
            case DebugRecord debug:
                Say(ChaosLogLevel.Debug, debug.Message);
                break;
            case InformationRecord information:
                Say(ChaosLogLevel.Information, information.ToString());
                break;
            default:
                _output.Add(record);
                break;
        }
    }

    /// <summary>Takes an error, with its line in the script.</summary>
    public void Fail(ErrorRecord error, Exception exception)
    {
        _inner ??= exception;
        var line = call.Script is null ? 0 : error.InvocationInfo?.ScriptLineNumber ?? 0;
        Fail($"{error.ToString().TrimEnd('.')}{(line > 0 ? $" (line {line})" : "")}");
    }

    /// <summary>Takes an error.</summary>
    public void Fail(string error) => _errors.Add(error);

    /// <summary>The output.</summary>
    /// <exception cref="ChaosException">There were errors: id <c>ScriptFailed</c>.</exception>
    public List<object?> End() => _errors.Count == 0 ? _output : throw ChaosErrors.ScriptFailed(call, _errors[0], _errors.Count - 1, _inner);

    private void Say(ChaosLogLevel level, string message)
    {
        log.Write(level, message);
        show();
    }
}
