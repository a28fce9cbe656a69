using System.Management.Automation;
using ChaosPS.Sandboxes;

namespace ChaosPS.Views;

/// <summary>Gives a sandbox that is served a name of its own, under which its table has the address and the speed too.</summary>
internal static class SandboxView
{
    private const string ServedTypeName = "ChaosPS.Sandboxes.ChaosSandbox#Served";

    /// <summary>The sandbox as it is written.</summary>
    public static object Of(ChaosSandbox sandbox)
    {
        if (sandbox.Uri is null) return sandbox;
        var view = new PSObject(sandbox);
        view.TypeNames.Insert(0, ServedTypeName);
        return view;
    }
}
