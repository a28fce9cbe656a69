using System.Globalization;
using System.Text.RegularExpressions;

namespace ChaosPS.Cli.Tests;

public sealed partial class DemoCommandTests
{
    [Fact]
    public async Task The_demo_shows_the_workshop_from_the_bad_spread_to_the_passed_experiment()
    {
        var run = await CommandLineRun.InvokeAsync("demo");

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal("", run.Error);
        Assert.DoesNotContain('\e', run.Output);

        // Typed and answered, in the order of the story.
        Expect(run.Output,
            "PS> Import-Module ",
            "PS> New-ChaosSandbox contactsapp | Connect-ChaosCluster",
            "PS> Get-ClusterNode",
            "aks-nodepool1-36421985-vmss000000",
            "PS> Get-ClusterPod -Namespace contactsapp",
            "PS> $before",
            "PS> Test-AppHealth",
            "Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady",
            "Kubernetes took ",
            "-OutVariable unfixed",
            "Deviated",
            "Measure-NodeLoss -Namespace contactsapp -Summary",
            "Get-ResilienceFix",
            "replicas 1 -> 2",
            "Update-Workload",
            "It looked ",
            "-OutVariable fixed",
            "Passed");
    }

    [Fact]
    public async Task The_demo_answers_how_long_Kubernetes_takes_with_a_number_that_Kubernetes_can_have()
    {
        var run = await CommandLineRun.InvokeAsync("demo");

        var seconds = double.Parse(Detection().Match(run.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 40, 55);
    }

    [Theory]
    [InlineData("Get-ClusterNode nonesuch", "No node 'nonesuch'")]
    [InlineData("throw 'not as told'", "not as told")]
    public void An_error_is_printed_and_ends_the_demo_as_failed(string statement, string message)
    {
        var script = Samples.Write("broken.ps1", $"$null = New-ChaosSandbox contactsapp\n{statement}\n'after'\n");
        using var output = new StringWriter();
        using var session = new Demo.DemoSession(output, colour: false);

        Assert.False(session.Run(Demo.ModuleFolder.Find(AppContext.BaseDirectory), script, default));
        Assert.Contains(message, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("after", output.ToString(), StringComparison.Ordinal);
    }

    private static void Expect(string output, params string[] lines)
    {
        var from = 0;
        foreach (var line in lines)
        {
            var at = output.IndexOf(line, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{line}' does not follow in:{Environment.NewLine}{output[from..]}");
            from = at + line.Length;
        }
    }

    [GeneratedRegex(@"Kubernetes took (\d+\.\d) s to register the dead node")]
    private static partial Regex Detection();
}
