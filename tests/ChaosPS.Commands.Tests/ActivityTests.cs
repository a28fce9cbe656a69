using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>The catalogue of activities at the prompt, and experiments that begin with one of them.</summary>
public sealed class ActivityTests : IDisposable
{
    private const string File = "$file = \"$env:XDG_STATE_HOME/$([guid]::NewGuid()).yaml\"; ";

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_whole_catalogue_is_listed() => Assert.Equal(
        Texts("$null = Get-ChaosActivity; [ChaosPS.Experiments.ActivityCatalogue]::All | ForEach-Object Name"), Texts("(Get-ChaosActivity).Name"));

    [Theory]
    [InlineData("Get-ChaosActivity *.STOP_vmss, chaosk8s.pod.actions.terminate_pods", "chaosazure.vmss.actions.stop_vmss chaosk8s.pod.actions.terminate_pods")]
    [InlineData("Get-ChaosActivity chaosk8s.secret.* -Kind Probe", "chaosk8s.secret.probes.secret_exists")]
    [InlineData("'chaosk8s.secret.*' | Get-ChaosActivity -Kind Action", "chaosk8s.secret.actions.create_secret chaosk8s.secret.actions.delete_secret")]
    [InlineData("Get-ChaosActivity nothing.*", "")]
    public void Names_and_kinds_choose(string command, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Texts($"{command} | ForEach-Object Name"));

    [Fact]
    public void A_deprecated_name_says_its_newer_one() => Assert.Equal(
        ["chaosk8s.deployment.actions.scale_deployment"], Texts("(Get-ChaosActivity chaosk8s.actions.scale_microservice).Replacement"));

    [Fact]
    public void Arguments_say_what_they_are() => Assert.Equal(
        ["replicas True", "ns False default"],
        Texts("(Get-ChaosActivity chaosk8s.deployment.actions.scale_deployment).Arguments | Where-Object Name -in replicas, ns | ForEach-Object { \"$($_.Name) $($_.Required) $($_.Default)\".Trim() }"));

    [Theory]
    [InlineData("Get-ChaosActivity chaosazure.vmss.actions.stop_vms", "ActivityNotFound,ChaosPS.Commands.GetChaosActivityCommand")]
    [InlineData("New-ChaosExperiment x.yaml chaosazure.vmss.actions.stop_vms", "ActivityNotFound,ChaosPS.Commands.NewChaosExperimentCommand")]
    public void A_wrong_name_is_an_error_that_knows_the_right_one(string command, string id)
    {
        var error = _engine.Run(command).Errors.Single();

        Assert.Equal(id, error.FullyQualifiedErrorId);
        Assert.Contains("'chaosazure.vmss.actions.stop_vmss'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_of_any_activity_is_valid_once_its_variables_have_values_and_not_before()
    {
        var wrong = Texts(File + """
            foreach ($activity in Get-ChaosActivity) {
                $null = New-ChaosExperiment $file $activity.Name -Force -WarningAction Ignore
                $values = @{ app_url = 'http://shop.example/' }
                foreach ($argument in $activity.Arguments | Where-Object Required) {
                    $values[$argument.Name] = switch ($argument.Type) {
                        Integer { 1 }
                        Flag { $true }
                        Mapping { @{ a = 'b' } }
                        ListOfMappings { , @(@{ a = 'b' }) }
                        MappingOrList { @{ a = 'b' } }
                        default { 'a' }
                    }
                }
                $filled = @((Test-ChaosExperiment $file -Variable $values).Errors)
                $empty = @((Test-ChaosExperiment $file).Errors.Code)
                if ($filled.Count -or $empty.Count -eq 0 -or $empty -ne 'VariableMissing') { "$activity filled: $filled empty: $empty" }
            }
            """);

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_probes_are_of_the_paths_that_the_connected_cluster_publishes()
    {
        _engine.Invoke("$null = New-ChaosSandbox contactsapp");

        _engine.Invoke(File + "$null = New-ChaosExperiment $file chaosk8s.pod.actions.terminate_pods -Title 'What if: \"pods\" go?'; $run = Test-ChaosExperiment $file");

        Assert.Equal(["True", "What if: \"pods\" go?"], Texts("$run.IsValid; $run.Title"));
        Assert.Equal(4, _engine.Invoke("[IO.File]::ReadAllLines($file) -match '^      url: \"http://contactsapp.sandbox/'").Count);
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_forced()
    {
        var run = _engine.Run(File + "[IO.File]::WriteAllText($file, 'mine'); New-ChaosExperiment $file chaosk8s.node.probes.get_nodes");

        Assert.Equal("FileExists,ChaosPS.Commands.NewChaosExperimentCommand", run.Errors.Single().FullyQualifiedErrorId);
        Assert.Equal(["mine"], Texts("[IO.File]::ReadAllText($file)"));
        Assert.IsType<FileInfo>(_engine.Invoke("New-ChaosExperiment $file chaosk8s.node.probes.get_nodes -Force").Single().BaseObject);
        Assert.NotEqual(["mine"], Texts("[IO.File]::ReadAllText($file)"));
    }

    [Fact]
    public void Where_nothing_can_be_written_the_error_says_so() => Assert.Equal(
        "FileUnwritable,ChaosPS.Commands.NewChaosExperimentCommand",
        _engine.Run("New-ChaosExperiment \"$env:XDG_STATE_HOME/none/x.yaml\" chaosk8s.node.probes.get_nodes").Errors.Single().FullyQualifiedErrorId);

    private string[] Texts(string script) => [.. _engine.Invoke(script).Select(static item => item.ToString())];
}
