using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace ChaosPS.Cli.Demo;

/// <summary>Types a script at PowerShell's engine, statement by statement, and prints what a terminal would show.</summary>
internal sealed class DemoSession : IDisposable
{
    private const string Prompt = "PS> ";
    private const string Continuation = ">> ";

    private readonly Runspace _runspace;
    private readonly DemoUserInterface _ui;
    private bool _lastWasComment;

    public DemoSession(TextWriter writer, bool colour)
    {
        _ui = new DemoUserInterface(writer, colour);
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.Bypass;

        // Only the engine and this module: whatever PowerShell is installed here has no say in the demo.
        state.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", PSModuleAutoLoadingPreference.None, null));
        state.Variables.Add(new SessionStateVariableEntry("ErrorActionPreference", ActionPreference.Stop, null));
        _runspace = RunspaceFactory.CreateRunspace(new DemoHost(_ui), state);
        _runspace.Open();
    }

    /// <summary>Imports the module and runs a script to its end; false after an error, which ends it and is printed.</summary>
    public bool Run(string manifest, string script, CancellationToken cancellationToken) =>
        Type($"Import-Module {Shown(manifest)}", ScriptBlock.Create($"Import-Module -Name '{manifest.Replace("'", "''", StringComparison.Ordinal)}'"), cancellationToken)
        && WorkshopScript.Read(script).All(step => step.Code is null ? Say(step.Text) : Type(step.Text, step.Code, cancellationToken));

    public void Dispose() => _runspace.Dispose();

    /// <summary>As a user here would type it.</summary>
    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : Path.Join(".", relative);
    }

    private bool Say(string text)
    {
        if (!_lastWasComment) _ui.SkipLine();
        _lastWasComment = true;
        _ui.WriteLine($"# {text}");
        return true;
    }

    private bool Type(string text, ScriptBlock code, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _lastWasComment = false;
        _ui.WriteLine(Prompt + text.ReplaceLineEndings(Environment.NewLine + Continuation));
        using var powershell = PowerShell.Create(_runspace);
        powershell.AddScript(". $args[0]").AddArgument(code).AddCommand("Out-Default");
        using var stop = cancellationToken.Register(powershell.Stop);
        try
        {
            powershell.Invoke();
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException exception)
        {
            Show(exception.ErrorRecord);
            return false;
        }
    }

    private void Show(ErrorRecord error)
    {
        using var powershell = PowerShell.Create(_runspace);
        powershell.AddCommand("Out-Default").AddParameter("InputObject", error).Invoke();
    }
}
