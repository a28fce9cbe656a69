using System.Management.Automation;
using ChaosPS.Completion;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>Makes an emulated AKS cluster in this process and connects the session to it.</summary>
[Cmdlet(VerbsCommon.New, "ChaosSandbox")]
[OutputType(typeof(ChaosSandbox))]
public sealed class NewChaosSandboxCommand : AsyncCommand
{
    /// <summary>The built-in sandbox, such as <c>contactsapp</c>.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(SandboxNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>What all chance in the sandbox comes from: one seed, one history.</summary>
    [Parameter]
    [Alias("SetSeed")]
    public int Seed { get; set; } = 1;

    /// <inheritdoc/>
    protected override void Process()
    {
        var sandbox = Composer.CreateSandbox(Name, Seed);
        Session.Current.Connect(sandbox);
        WriteVerbose($"The session is connected to sandbox {sandbox.Name}, seed {sandbox.Seed}.");
        WriteObject(sandbox);
    }
}
