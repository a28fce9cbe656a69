using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What a pipeline ends with: it fails unless every run passed and there was one.</summary>
public sealed class AssertChaosRunTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Runs_that_passed_go_on()
    {
        var (passed, error) = Try("$runs | Assert-ChaosRun", "a", "b");

        Assert.Equal(["a", "b"], passed);
        Assert.Null(error);
    }

    [Theory]
    [InlineData("Deviated", "RunDeviated")]
    [InlineData("NotStarted", "RunNotStarted")]
    [InlineData("ActivityFailed", "RunActivityFailed")]
    [InlineData("Interrupted", "RunInterrupted")]
    [InlineData("RollbackIncomplete", "RunRollbackIncomplete")]
    public void A_run_that_did_not_pass_ends_the_pipeline_with_all_that_is_to_be_known(string outcome, string id)
    {
        var (_, error) = Try("$runs | Assert-ChaosRun", $"Shop {outcome}");

        Assert.Equal($"{id},ChaosPS.Commands.AssertChaosRunCommand", error!.FullyQualifiedErrorId);
        Assert.Equal($"The run of 'Shop' ended with {outcome}: because. Its journal: /runs/Shop.json", error.Exception.Message);
    }

    [Fact]
    public void One_failure_among_several_fails_when_all_have_been_seen()
    {
        var (passed, error) = Try("$runs | Assert-ChaosRun", "a Deviated", "b", "c RollbackIncomplete");

        Assert.Equal(["a", "b", "c"], passed);
        Assert.Equal("RunRollbackIncomplete,ChaosPS.Commands.AssertChaosRunCommand", error!.FullyQualifiedErrorId);
        Assert.StartsWith("2 of 3 runs did not pass.\n  The run of 'a' ended with Deviated", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_judgement_as_the_Chaos_Toolkits_makes_no_failure_a_pass() =>
        Assert.NotNull(Try("$runs[0].ExitCode = 0; $runs | Assert-ChaosRun", "a ActivityFailed").Error);

    [Theory]
    [InlineData("$runs | Assert-ChaosRun", "RunDry,ChaosPS.Commands.AssertChaosRunCommand")]
    [InlineData("$runs | Assert-ChaosRun -AllowDry", null)]
    public void A_dry_run_passes_only_where_that_is_allowed(string command, string? id) =>
        Assert.Equal(id, Try($"$runs[0].Dry = 'Actions'; {command}", "a Untested").Error?.FullyQualifiedErrorId);

    [Theory]
    [InlineData("$runs | Assert-ChaosRun")]
    [InlineData("$runs | Assert-ChaosRun -AllowDry")]
    public void A_run_that_has_tested_nothing_is_no_pass(string command)
    {
        var error = Try($"$runs[0].Dry = 'Actions'; {command}", "a Untested", "b Untested", "c").Error!;

        Assert.Equal("RunUntested,ChaosPS.Commands.AssertChaosRunCommand", error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("$runs | Assert-ChaosRun")]
    [InlineData("Assert-ChaosRun")]
    public void Nothing_is_no_pass(string command) =>
        Assert.Equal("NothingTested,ChaosPS.Commands.AssertChaosRunCommand", Try(command).Error!.FullyQualifiedErrorId);

    [Fact]
    public void The_workshops_experiment_is_judged_as_it_runs()
    {
        _engine.Invoke("$null = New-ChaosSandbox contactsapp");

        var (passed, error) = Try($"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}' -WarningAction Ignore | Assert-ChaosRun");

        Assert.Single(passed);
        Assert.Contains("The steady state was not met after the method.", error!.Exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Tries a command with runs in <c>$runs</c>, each a title and an outcome; without one it passed.</summary>
    private (string[] Passed, ErrorRecord? Error) Try(string command, params string[] runs)
    {
        _engine.Runspace.SessionStateProxy.SetVariable("described", runs);
        var passed = _engine.Invoke($$"""
            $null = Get-ChaosActivity nothing.*
            $runs = @(foreach ($text in $described) {
                $title, $outcome = $text -split ' '
                [ChaosPS.Experiments.ChaosRun] @{
                    Title = $title; Outcome = $outcome ?? 'Passed'; Reason = $outcome ? 'because.' : $null; JournalPath = "/runs/$title.json"; ExitCode = $outcome ? 1 : 0
                }
            })
            $passed = [System.Collections.Generic.List[string]]::new()
            $caught = $null
            try { {{command}} | ForEach-Object { $passed.Add($_.Title) } } catch { $caught = $_ }
            $passed
            """);
        return ([.. passed.Select(static title => title.ToString())], _engine.Invoke("$caught").SingleOrDefault(static item => item is not null)?.BaseObject as ErrorRecord);
    }
}
