using System.Management.Automation;
using ChaosPS.Completion;
using ChaosPS.Errors;
using ChaosPS.Sandboxes;
using ChaosPS.Sessions;
using ChaosPS.Views;

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

    /// <summary>Serves it to other processes of this machine: kubectl, chaosps, other sessions.</summary>
    [Parameter]
    [Alias("Serve")]
    public SwitchParameter Listen { get; set; }

    /// <summary>Where to listen: an address of this machine's own; with port 0 the system chooses one that is free.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ListenAddress { get; set; } = "127.0.0.1:0";

    /// <summary>How many of its seconds pass in one second while it is served.</summary>
    [Parameter]
    public double Speed { get; set; } = 1;

    /// <summary>Where to write a kubeconfig that leads to it; it is removed with the sandbox.</summary>
    [Parameter]
    [Alias("KubeConfig")]
    [ValidateNotNullOrEmpty]
    public string? KubeConfigPath { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        string[] ofListening = [nameof(ListenAddress), nameof(Speed), nameof(KubeConfigPath)];
        if (!Listen && Array.Find(ofListening, MyInvocation.BoundParameters.ContainsKey) is { } given) throw ChaosErrors.NotListening(given);

        var options = new SandboxOptions { Seed = Seed, Speed = Listen ? Speed : null };
        var sandbox = Composer.CreateSandbox(Name, options);
        if (Listen) sandbox = Serve(sandbox);
        Session.Current.Connect(sandbox);
        WriteVerbose($"The session is connected to sandbox {sandbox.Name}, seed {sandbox.Seed}.");
        WriteObject(SandboxView.Of(sandbox));
    }

    private ChaosSandbox Serve(ChaosSandbox sandbox)
    {
        var path = KubeConfigPath is null ? null : GetUnresolvedProviderPathFromPSPath(KubeConfigPath);
        var service = Run(TimeProvider.System, (_, _) => Composer.ServeAsync(sandbox, ListenAddress, path, new HostLog(Host.UI)));
        Session.Current.Add(service);
        return service.Sandbox;
    }
}
