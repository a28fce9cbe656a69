using System.Globalization;
using System.Management.Automation.Host;

namespace ChaosPS.Cli.Demo;

/// <summary>The host of the demo's PowerShell: it prints what PowerShell prints, and asks nothing.</summary>
internal sealed class DemoHost(PSHostUserInterface ui) : PSHost
{
    public override string Name => "ChaosPS demo";

    public override Version Version { get; } = typeof(DemoHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => ui;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override void SetShouldExit(int exitCode)
    {
    }

    public override void EnterNestedPrompt() => throw new HostException("The demo has no nested prompt.");

    public override void ExitNestedPrompt() => throw new HostException("The demo has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
