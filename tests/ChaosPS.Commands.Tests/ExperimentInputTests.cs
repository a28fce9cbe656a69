using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>All that an experiment can come as: paths, files, texts, objects, addresses.</summary>
public sealed class ExperimentInputTests : IDisposable
{
    private const string Hash = "@{ title = 'Made here'; description = 'd'; method = @(@{ type = 'probe'; name = 'look'; provider = @{ type = 'http'; url = 'http://contactsapp.sandbox/' } }) }";

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("$path | Test-ChaosExperiment")]
    [InlineData("[IO.FileInfo]$path | Test-ChaosExperiment")]
    [InlineData("[pscustomobject]@{ FullName = $path } | Test-ChaosExperiment")]
    [InlineData("[pscustomobject]@{ LiteralPath = $path } | Test-ChaosExperiment")]
    [InlineData("[pscustomobject]@{ PSPath = \"Microsoft.PowerShell.Core\\FileSystem::$path\" } | Test-ChaosExperiment")]
    [InlineData("Test-ChaosExperiment -LiteralPath $path")]
    public void A_file_comes_as_its_path_and_as_an_object(string command)
    {
        var path = Places.Sample("stop-node.yaml");

        Assert.Equal([path], Texts($"$null = New-ChaosSandbox contactsapp; $path = '{path}'; ({command}).Source"));
    }

    [Theory]
    [InlineData("[IO.File]::ReadAllText($path) | Test-ChaosExperiment", "(text) Validate pod distribution over k8s nodes")]
    [InlineData("Test-ChaosExperiment ([IO.File]::ReadAllText($path))", "(text) Validate pod distribution over k8s nodes")]
    [InlineData("'{\"title\": \"Of JSON\", \"description\": \"d\", \"method\": []}' | Test-ChaosExperiment", "(text) Of JSON")]
    [InlineData($"{Hash} | Test-ChaosExperiment", "(object) Made here")]
    [InlineData($"[ordered]{Hash} | Test-ChaosExperiment", "(object) Made here")]
    [InlineData($"[pscustomobject]{Hash} | Test-ChaosExperiment", "(object) Made here")]
    public void An_experiment_comes_as_its_text_and_as_an_object(string command, string expected) => Assert.Equal(
        [expected],
        Texts($"$null = New-ChaosSandbox contactsapp; $path = '{Places.Sample("stop-node.yaml")}'; {command} | ForEach-Object {{ \"$($_.Source) $($_.Title)$($_.Findings)\" }}"));

    [Fact]
    public void An_object_runs_as_its_file_would()
    {
        _engine.UseSandbox(seed: 1);

        Assert.Equal(["Passed", "(object)", "look"], Texts($"$run = {Hash} | Invoke-ChaosExperiment -Confirm:$false; $run.Outcome; $run.Journal['source'].ToString(); $run.Journal['experiment']['method'][0]['name'].ToString()"));
    }

    [Fact]
    public void Findings_of_an_object_say_where_in_it_they_are()
    {
        var findings = Texts("""
            $bad = @{ title = 'x'; description = 'd'; method = @(
              @{ type = 'probe'; name = 'a'; provider = @{ type = 'http'; url = 'http://contactsapp.sandbox/'; timout = 3 } },
              @{ type = 'action'; name = 'b'; provider = @{ type = 'python'; module = 'chaosk8s.pod.actions'; func = 'terminate_pods'; arguments = @{ qtty = 1 } }; pauses = @{ after = -[timespan]'0:0:5' } }) }
            (Test-ChaosExperiment -InputObject $bad).Findings | ForEach-Object { "$($_.Path) $($_.Code) $($_.Line)" }
            """);

        Assert.Equal(
            ["method[0].provider.timout UnknownKey 0", "method[1].pauses.after PauseInvalid 0", "method[1].provider.arguments.qtty UnknownArgument 0"],
            findings.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[version]'1.0' | Test-ChaosExperiment", "ExperimentObjectInvalid")]
    [InlineData("$a = @{}; $a.a = $a; $a | Test-ChaosExperiment", "ExperimentTooDeep")]
    [InlineData("'title: Validate' | Test-ChaosExperiment", "ExperimentInLines")]
    [InlineData("'no-such.yaml' | Test-ChaosExperiment", "FileNotFound")]
    [InlineData("Test-ChaosExperiment http://127.0.0.1:1/x.yaml", "SourceUnreachable")]
    [InlineData("\"{ bad`n\" | Test-ChaosExperiment", "DocumentInvalid")]
    public void What_is_no_experiment_is_an_error_of_its_own(string command, string id) => Assert.Equal(
        [$"{id},ChaosPS.Commands.TestChaosExperimentCommand"],
        _engine.Run($"$path = '{Places.Sample("stop-node.yaml")}'; {command}").Errors.Select(static error => error.FullyQualifiedErrorId));

    private IEnumerable<string> Texts(string script) => _engine.Invoke(script).Select(static record => record.ToString());
}
