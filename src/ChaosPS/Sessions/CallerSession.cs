using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ChaosPS.Binding;
using ChaosPS.Commands;
using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Sessions;

/// <summary>The session that a cmdlet was called in. What runs in it runs on the pipeline's thread, with the variables and functions of whoever called the cmdlet.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="clock">The clock of the run; null where nothing is run.</param>
internal sealed class CallerSession(AsyncCommand cmdlet, TimeProvider? clock = null) : ICallerSession
{
    private const string GetSecret = "Get-Secret";

    /// <inheritdoc/>
    public bool HasSecretManagement => cmdlet.OnPipeline(() => cmdlet.InvokeCommand.GetCommand(GetSecret, CommandTypes.All) is not null);

    /// <inheritdoc/>
    public ScriptReview Review(ScriptCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return cmdlet.OnPipeline(() => call.Script is { } script ? ScriptReviews.OfScript(script) : ScriptReviews.OfCommand(call, cmdlet.InvokeCommand));
    }

    /// <inheritdoc/>
    public async Task<object?> RunAsync(ScriptCall call, IChaosLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(log);
        if (!cmdlet.IsStopping)
        {
            var begun = false;
            try
            {
                return await cmdlet.OnPipelineAsync(() =>
                {
                    begun = true;
                    return Run(call, log, cancellationToken);
                });
            }
            catch (OperationCanceledException) when (!begun && cmdlet.IsStopping && !cancellationToken.IsCancellationRequested)
            {
                // It has not had its turn, and gets it there. One that the stop has cut off may have done a part of its work, and is not run twice.
            }
        }

        return await Task.Run(() => RunAnew(call, log, cancellationToken), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<object?> ReadSecretAsync(string name, string? vault, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?> { ["Name"] = name };
        if (vault is not null) arguments["Vault"] = vault;
        var call = new ScriptCall(GetSecret, null, arguments);
        try
        {
            return await cmdlet.OnPipelineAsync(() =>
            {
                using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
                return Invoke(shell, Here, call, NullLog.Instance, cancellationToken) is [var secret]
                    ? SecretValues.Reveal(secret)
                    : throw ChaosErrors.SecretUnreadable(name, vault, "there is none of that name, or more than one", null);
            });
        }
        catch (ChaosException exception) when (exception.ErrorId == "ScriptFailed")
        {
            throw ChaosErrors.SecretUnreadable(name, vault, exception.Message, exception);
        }
    }

    private object? Run(ScriptCall call, IChaosLog log, CancellationToken cancellationToken)
    {
        if (cmdlet.LanguageMode != cmdlet.SessionState.LanguageMode) throw ChaosErrors.SessionRestricted(call, cmdlet.LanguageMode.ToString());
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return Plain(Invoke(shell, Here, call, log, cancellationToken));
    }

    private Place Here => new(cmdlet.InvokeCommand, cmdlet.SessionState.PSVariable.GetValue, cmdlet.SessionState.PSVariable.Set, () => cmdlet.Stopping);

    /// <summary>Runs it in a session of its own: a pipeline that was stopped runs nothing any more.</summary>
    private object? RunAnew(ScriptCall call, IChaosLog log, CancellationToken cancellationToken)
    {
        if (cmdlet.LanguageMode != PSLanguageMode.FullLanguage) throw ChaosErrors.SessionRestricted(call, cmdlet.LanguageMode.ToString());
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        runspace.SessionStateProxy.Path.SetLocation(cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        var session = runspace.SessionStateProxy;
        return Plain(Invoke(shell, new Place(session.InvokeCommand, session.PSVariable.GetValue, session.PSVariable.Set, static () => false), call, log, cancellationToken));
    }

    /// <summary>Where a call is made.</summary>
    private sealed record Place(CommandInvocationIntrinsics Commands, Func<string, object?> Variable, Action<string, object?> Set, Func<bool> IsStopping)
    {
        private const string ExitCode = "global:LASTEXITCODE";

        /// <summary>Whether a call says by an exit code what became of it: a program does, and a script with <c>exit</c>.</summary>
        public bool HasExitCode(ScriptCall call) =>
            call.Script is { } script ? ScriptReviews.Exits(script) : Commands.GetCommand(call.Command, CommandTypes.All) is ApplicationInfo;

        /// <summary>Forgets what ended before.</summary>
        public void Reset() => Set(ExitCode, 0);

        /// <summary>The exit code of what has ended.</summary>
        public int? Code => Variable(ExitCode) as int?;
    }

    private List<object?> Invoke(PowerShell shell, Place place, ScriptCall call, IChaosLog log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var take = new ScriptOutput(call, log, cmdlet.ShowWaiting);
        Add(shell, place, call);
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, added) => take.Add(output[added.Index]);

        var hasExitCode = place.HasExitCode(call);
        if (hasExitCode) place.Reset();

        // A stop waits for the script to end, and may come from the thread that the script runs on.
        using var registration = cancellationToken.Register(() => shell.BeginStop(null, null));
        try
        {
            if (clock is null) shell.Invoke(null, output);
            else AsyncCommand.RunScript(clock, () => shell.Invoke(null, output));
        }
        catch (RuntimeException exception) when (cancellationToken.IsCancellationRequested || exception is PipelineStoppedException)
        {
            throw Stopped(cancellationToken);
        }
        catch (RuntimeException exception)
        {
            take.Fail(exception.ErrorRecord, exception);
        }

        // A script that a stop has ended does not always say so.
        if (cancellationToken.IsCancellationRequested || shell.InvocationStateInfo.State == PSInvocationState.Stopped || place.IsStopping()) throw Stopped(cancellationToken);
        if (hasExitCode && place.Code is { } code and not 0) take.Fail($"it ended with the exit code {code}");
        return take.End();
    }

    private OperationCanceledException Stopped(CancellationToken cancellationToken)
    {
        // Not by us: then the stop of the whole pipeline has come to the script first.
        if (!cancellationToken.IsCancellationRequested) cmdlet.Interrupt();
        return new OperationCanceledException(cancellationToken);
    }

    /// <summary>
    /// Adds the call. A nested pipeline trusts its own text, whatever the language mode of the session; the script is therefore a block that the session made.
    /// </summary>
    private static void Add(PowerShell shell, Place place, ScriptCall call) => shell
        .AddScript("param($what, $arguments) & $what @arguments *>&1", useLocalScope: true)
        .AddArgument(call.Command ?? (object)place.Commands.NewScriptBlock(call.Script))
        .AddArgument(call.Arguments switch
        {
            null => Array.Empty<object>(),
            IReadOnlyDictionary<string, object?> or IReadOnlyList<object?> => ToPowerShell(call.Arguments),
            _ => new[] { ToPowerShell(call.Arguments) },
        });

    /// <summary>A plain value as scripts like it: a mapping as an ordered dictionary.</summary>
    private static object? ToPowerShell(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> map => Ordered(map),
        IReadOnlyList<object?> list => list.Select(ToPowerShell).ToArray(),
        _ => value,
    };

    private static System.Collections.Specialized.OrderedDictionary Ordered(IReadOnlyDictionary<string, object?> map)
    {
        var ordered = new System.Collections.Specialized.OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in map) ordered[key] = ToPowerShell(value);
        return ordered;
    }

    private static object? Plain(List<object?> output) => output switch
    {
        [] => null,
        [var only] => PlainValues.OfOutput(only),
        _ => PlainValues.OfOutput(output),
    };
}
