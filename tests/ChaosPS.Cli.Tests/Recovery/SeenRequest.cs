using System.Text.RegularExpressions;

namespace ChaosPS.Cli.Tests.Recovery;

/// <summary>A request that reached a sandbox.</summary>
/// <param name="Number">The how manieth, from 1.</param>
/// <param name="Method">What is asked.</param>
/// <param name="Uri">Of whom.</param>
internal sealed partial record SeenRequest(int Number, HttpMethod Method, Uri Uri)
{
    /// <summary>Whether it changes a machine's power.</summary>
    public bool ChangesPower => Method == HttpMethod.Post && Change().IsMatch(Uri.AbsolutePath);

    /// <summary>Whether it takes a machine away from its node, for a while at least.</summary>
    public bool TakesDown => ChangesPower && !Uri.AbsolutePath.EndsWith("/start", StringComparison.OrdinalIgnoreCase);

    /// <summary>The number of the machine's instance.</summary>
    public string Instance => Change().Match(Uri.AbsolutePath).Groups[1].Value;

    public override string ToString() => $"{Number} {Method} {Uri}";

    [GeneratedRegex("/virtualMachines/([0-9]+)/(powerOff|deallocate|restart|start)$", RegexOptions.IgnoreCase)]
    private static partial Regex Change();
}
