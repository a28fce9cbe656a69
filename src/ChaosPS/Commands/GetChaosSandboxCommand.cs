using System.Management.Automation;
using ChaosPS.Binding;
using ChaosPS.Completion;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;
using ChaosPS.Views;

namespace ChaosPS.Commands;

/// <summary>Gets the sandboxes of the session: the one that it is connected to, and those that it serves.</summary>
[Cmdlet(VerbsCommon.Get, "ChaosSandbox")]
[OutputType(typeof(ChaosSandbox))]
public sealed class GetChaosSandboxCommand : AsyncCommand
{
    /// <summary>Names of sandboxes, with wildcards; all when it is left out.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(SessionSandboxCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var session = Session.Current;
        var names = new Wildcards(Name);
        foreach (var sandbox in session.Sandboxes.Where(sandbox => names.Match(sandbox.Name))) WriteObject(SandboxView.Of(sandbox));
        foreach (var name in Wildcards.Missing(Name, session.Sandboxes.Select(static sandbox => sandbox.Name)))
            Try(() => throw Errors.ChaosErrors.SandboxNotInSession(name, session.Sandboxes.Select(static sandbox => sandbox.Name)));
    }
}
