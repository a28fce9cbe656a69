using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>PowerShell's engine with the built module imported: one runspace, so one session of ChaosPS.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    static Engine()
    {
        // Engines block the pool's threads while tests run side by side; work that Tab gives two seconds must not wait for one.
        ThreadPool.SetMinThreads(64, 64);

        // Nothing of the machine's own takes part: no kubeconfig, no run folders in the user's state directory.
        var state = Directory.CreateTempSubdirectory("chaosps-tests-").FullName;
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state);
        Environment.SetEnvironmentVariable("KUBECONFIG", Path.Combine(state, "no-kubeconfig"));
        foreach (var secret in (string[])["AZURE_CLIENT_SECRET", "AZURE_PASSWORD", "KUBERNETES_API_KEY"]) Environment.SetEnvironmentVariable(secret, "planted-in-the-suite");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(state, recursive: true);

        // The engine fills its tables of cmdlets with the first runspace of a process, and two first ones at once can find them half full.
        using var first = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        first.Open();
    }

    public Engine()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Watch-Stop", typeof(WatchStopCommand), null));
        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        _runspace.Open();
        Invoke($"Import-Module '{Places.Manifest}'");
    }

    /// <summary>An engine whose session is connected to the sandbox contactsapp.</summary>
    public static Engine WithSandbox(int seed = 1)
    {
        var engine = new Engine();
        engine.UseSandbox(seed);
        return engine;
    }

    public RecordingHost Host { get; } = new();

    public Runspace Runspace => _runspace;

    /// <summary>The clock of the sandbox in <c>$sandbox</c>.</summary>
    public TimeProvider Clock => (TimeProvider)Invoke("$sandbox.Clock").Single().BaseObject;

    public void Dispose() => _runspace.Dispose();

    /// <summary>Connects the session to a new sandbox, kept in <c>$sandbox</c>.</summary>
    public void UseSandbox(int seed) => Invoke($"$sandbox = New-ChaosSandbox contactsapp -Seed {seed}");

    /// <summary>Runs a script that must have no errors.</summary>
    public IReadOnlyList<PSObject> Invoke(string script)
    {
        var result = Run(script);
        Assert.Empty(result.Errors.Select(static error => $"{error.FullyQualifiedErrorId}: {error}"));
        return result.Output;
    }

    /// <summary>Runs a script, whatever comes of it.</summary>
    public EngineResult Run(string script)
    {
        using var shell = Create(script);
        var output = new PSDataCollection<PSObject>();
        var errors = new List<ErrorRecord>();
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException exception)
        {
            errors.Add(exception.ErrorRecord);
        }

        errors.InsertRange(0, shell.Streams.Error);
        return new EngineResult([.. output], errors, [.. shell.Streams.Warning.Select(static record => record.Message)],
            [.. shell.Streams.Verbose.Select(static record => record.Message)]);
    }

    /// <summary>A shell in this engine's runspace, for tests that stop it.</summary>
    public PowerShell Create(string script) => PowerShell.Create(_runspace).AddScript(script);
}

/// <summary>What a script left.</summary>
internal sealed record EngineResult(
    IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose);
