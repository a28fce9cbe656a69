using System.Text.Json.Nodes;

namespace ChaosPS.Cli.Tests;

public sealed class ValidateCommandTests
{
    [Fact]
    public async Task The_sample_is_valid_for_the_sandbox()
    {
        var run = await CommandLineRun.InvokeAsync("validate", Samples.StopNode, "--sandbox", "contactsapp");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"{Samples.StopNode}: valid, 0 errors, 0 warnings{Environment.NewLine}", run.Output);
    }

    [Fact]
    public async Task The_workshops_mistake_is_a_warning_at_its_line()
    {
        var file = Samples.Spoil("workshop.yaml", "key: AZURE_CLUSTER_VMSS_NAME", "key: AZURE_CLUSTER_RESOURCE_GROUP");
        var run = await CommandLineRun.InvokeAsync("validate", file, "--sandbox", "contactsapp");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"workshop\.yaml:32:10: warning .*AZURE_CLUSTER_VMSS_NAME", run.Output);
    }

    [Fact]
    public async Task An_unknown_function_is_an_error_at_its_line_that_names_the_nearest()
    {
        var file = Samples.Spoil("function.yaml", "func: stop_vmss", "func: stop_vmsss");
        var run = await CommandLineRun.InvokeAsync("validate", file, "--sandbox", "contactsapp");

        Assert.Equal(3, run.ExitCode);
        Assert.Matches(@"function\.yaml:\d+:\d+: error .*stop_vmsss.*stop_vmss\b", run.Output);
    }

    [Fact]
    public async Task Json_output_has_every_finding_with_its_place()
    {
        var file = Samples.Spoil("function.json.yaml", "func: stop_vmss", "func: stop_vmsss");
        var run = await CommandLineRun.InvokeAsync("validate", file, "--sandbox", "contactsapp", "--output", "json");

        var validation = JsonNode.Parse(run.Output)!.AsObject();
        Assert.False(validation["isValid"]!.GetValue<bool>());
        var finding = Assert.Single(validation["findings"]!.AsArray())!.AsObject();
        Assert.Equal("error", finding["severity"]!.GetValue<string>());
        var line = finding["line"]!.GetValue<int>();
        Assert.Contains("stop_vmsss", (await File.ReadAllLinesAsync(file))[line - 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_session_of_PowerShell_is_refused_with_its_place()
    {
        var file = Samples.Write("powershell.yaml", """
            title: t
            description: d
            secrets:
              s: { key: { type: secretmanagement, name: a } }
            method:
            - type: action
              name: a
              provider:
                type: powershell
                script: Get-Date
            """);
        var run = await CommandLineRun.InvokeAsync("validate", file);

        Assert.Equal(3, run.ExitCode);
        Assert.Matches(@"powershell\.yaml:4:\d+: error NeedsPowerShell: The secret 'key' .* Run the experiment with Invoke-ChaosExperiment", run.Output);
        Assert.Matches(@"powershell\.yaml:9:11: error NeedsPowerShell: .*Run the experiment with Invoke-ChaosExperiment", run.Output);
    }
}
