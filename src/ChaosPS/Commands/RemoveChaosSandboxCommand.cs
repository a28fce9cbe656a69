using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Ends sandboxes of the session: they are no longer served, and the session is no longer connected to them.</summary>
[Cmdlet(VerbsCommon.Remove, "ChaosSandbox", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveChaosSandboxCommand : AsyncCommand
{
    private const string NameSet = "Name";
    private const string InputObjectSet = "InputObject";

    /// <summary>Names of sandboxes, with wildcards.</summary>
    [Parameter(ParameterSetName = NameSet, Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SessionSandboxCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>A sandbox from Get-ChaosSandbox or New-ChaosSandbox.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    public ChaosSandbox? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var session = Session.Current;
        if (InputObject is not null)
        {
            Remove(session, InputObject);
            return;
        }

        ChaosSandbox[] all = [.. session.Sandboxes];
        var names = new Wildcards(Name);
        foreach (var sandbox in all.Where(sandbox => names.Match(sandbox.Name))) Try(() => Remove(session, sandbox));
        foreach (var name in Wildcards.Missing(Name, all.Select(static sandbox => sandbox.Name)))
            Try(() => throw ChaosErrors.SandboxNotInSession(name, all.Select(static sandbox => sandbox.Name)));
    }

    private void Remove(Session session, ChaosSandbox sandbox)
    {
        var service = session.FindService(sandbox);
        if (sandbox.Uri is { } uri && service is null) throw ChaosErrors.SandboxServedElsewhere(sandbox.Name, uri);
        if (!ShouldProcess(sandbox.Uri is { } at ? $"{sandbox.Name} at {at}" : sandbox.Name, "Remove sandbox")) return;
        if (session.Sandbox == sandbox) session.Use(connection: null, sandbox: null);
        if (service is not null) Run(TimeProvider.System, (_, _) => session.StopAsync(service));
    }
}
