using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Activities that are commands and scripts of the caller's own session.</summary>
public sealed class PowerShellActivityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = Engine.WithSandbox();

    public PowerShellActivityTests() => _engine.Invoke("""
        function Get-Answer { [CmdletBinding()] param([string]$Name, [int[]]$Number) [pscustomobject]@{ name = $Name; sum = $Number[0] + $Number[1]; at = [datetime]'2026-01-02' } }
        function Get-SecretFree { }
        function Complain { [CmdletBinding()] param($Text) $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new($Text), 'Id', 'NotSpecified', $null)) }
        function Say { [CmdletBinding()] param($Text) $PSCmdlet.WriteWarning("w $Text"); $PSCmdlet.WriteVerbose("v $Text"); $PSCmdlet.WriteInformation("i $Text", @()) }
        function Act($provider, $name = 'a') { @{ type = 'action'; name = $name; provider = @{ type = 'powershell' } + $provider } }
        function Make($method, $rollbacks = @()) {
            @{ title = 't ${who} ${key}'; description = 'd'; configuration = @{ who = 'Ada' }; secrets = @{ s = @{ key = 'planted-secret' } }; method = @($method); rollbacks = @($rollbacks) }
        }
        """);

    private string Run => $"Invoke-ChaosExperiment -AllowExternal -Confirm:$false -StatePath '{_folder.FullName}'";

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("@{ command = 'Get-Answer'; arguments = @{ Name = '${who}'; Number = 2, 3 } }", """{"name":"Ada","sum":5,"at":"2026-01-02T00:00:00"}""")]
    [InlineData("@{ script = '$ofTheCaller, [version]''1.2'', $null, 1.5, ''x'', $true' }", """["of the caller","1.2",null,1.5,"x",true]""")]
    [InlineData("@{ script = 'param($who, $n) \"$who $n $key\"'; arguments = @{ who = '${who}'; n = 4 } }", "\"Ada 4 \"")]
    [InlineData("@{ script = 'param($a, $b) $b'; arguments = 1, 2 }", "2")]
    [InlineData("@{ script = '@{ a = @{ b = @(1, @{ c = 2 }) } }' }", """{"a":{"b":[1,{"c":2}]}}""")]
    [InlineData("@{ script = '$PSCmdlet = 1' }", "null")]
    [InlineData("@{ script = 'param($k) \"got $k\"'; arguments = '${key}' }", "\"got ***\"")]
    [InlineData("@{ script = '[securestring]::new()' }", "\"***\"")]
    [InlineData("@{ command = 'false' }", null)]
    public void It_runs_in_the_callers_session_and_its_output_is_kept(string provider, string? output)
    {
        var shown = _engine.Invoke($"""
            $ofTheCaller = 'of the caller'
            $run = Make (Act {provider}) | {Run}
            $output = $run.Journal['run'][0]['output']
            "$($run.Outcome) $($null -eq $output ? 'null' : $output.ToJsonString())"
            """);

        Assert.Equal(output is null ? "ActivityFailed null" : $"Passed {output}", shown.Single().ToString());
    }

    [Fact]
    public void A_script_of_another_scope_leaves_nothing_in_the_callers()
    {
        Assert.Equal(["False"], _engine.Invoke($"$null = Make (Act @{{ script = '$left = 1' }}) | {Run}; $null -ne $left").Select(static value => value.ToString()));
    }

    [Fact]
    public void What_it_says_comes_out_of_the_cmdlet_without_secrets()
    {
        using var shell = _engine.Create(
            $"Make (Act @{{ script = 'param($k) Say $k -Verbose; $Host.UI.WriteLine(''shown'')'; arguments = '${{key}}' }}) | {Run} -Verbose");

        shell.Invoke();

        Assert.Contains("w ***", shell.Streams.Warning.Select(static record => record.Message));
        Assert.Contains("v ***", shell.Streams.Verbose.Select(static record => record.Message));
        Assert.Contains("i ***", shell.Streams.Information.Select(static record => record.ToString()));
        Assert.Contains("shown", _engine.Host.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ script = \"1`n2`nthrow 'boom'\" }", "script: boom (line 3)")]
    [InlineData("@{ script = 'Complain one; Complain two; 5' }", "script: one (line 1) (and one more error)")]
    [InlineData("@{ script = '$ErrorActionPreference = ''Stop''; Complain one; Complain two' }", "one (line 1)")]
    [InlineData("@{ script = '5; exit 3' }", "script: it ended with the exit code 3")]
    [InlineData("@{ command = 'false' }", "false: it ended with the exit code 1")]
    [InlineData("@{ script = 'while ($true) { [Threading.Thread]::Sleep(20) }'; timeout = 0.2 }", "script did not end within 0.2 s, and was stopped")]
    public void What_goes_wrong_in_it_fails_the_activity_with_the_errors_own_words(string provider, string reason)
    {
        var run = _engine.Invoke($"Make (Act {provider}) | {Run}").Single();

        Assert.Equal("ActivityFailed", run.Properties["Outcome"].Value.ToString());
        Assert.Contains(reason, run.Properties["Reason"].Value.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Complain one -ErrorAction Ignore; 1")]
    [InlineData("try { throw 'x' } catch { 1 }")]
    [InlineData("sh -c 'echo to stderr >&2; exit 4'; 1")]
    [InlineData("exit 0")]
    public void What_a_script_deals_with_itself_fails_nothing(string script) =>
        Assert.Equal("Passed", _engine.Invoke($"(Make (Act @{{ script = {Quote(script)} }}) | {Run}).Outcome").Single().ToString());

    [Theory]
    [InlineData("$true", "$true", "Passed")]
    [InlineData("@(3, 5)", "4", "Passed")] // a number within a range
    [InlineData("@{ type = 'regex'; pattern = '^a' }", "''abc''", "Passed")]
    [InlineData("@{ type = 'range'; range = @(1, 2) }", "3", "NotStarted")]
    [InlineData("@{ type = 'jsonpath'; path = '$.items[*].ok'; expect = @($true, $false) }", "@{ items = @(@{ ok = $true }, @{ ok = $false }) }", "Passed")]
    [InlineData("@{ type = 'jsonpath'; path = '$[*]'; count = 2 }", "1, 2", "Passed")]
    [InlineData("@{ type = 'probe'; name = 'judge'; provider = @{ type = 'powershell'; script = 'param($value) $value -gt 3' } }", "4", "Passed")]
    public void As_a_probe_it_is_held_against_every_tolerance(string tolerance, string script, string outcome)
    {
        var result = _engine.Invoke($$"""
            $experiment = Make @()
            $experiment['steady-state-hypothesis'] = @{ title = 'h'; probes = @(@{ type = 'probe'; name = 'p'; tolerance = {{tolerance}}; provider = @{ type = 'powershell'; script = '{{script}}' } }) }
            ($experiment | {{Run}}).Outcome
            """);

        Assert.Equal(outcome, result.Single().ToString());
    }

    [Fact]
    public void Cmdlets_in_it_wait_on_the_clock_of_the_run()
    {
        var result = _engine.Invoke($$"""
            $script = 'Get-ClusterNode *000000 | Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady | ForEach-Object Name; $null = Get-ClusterNode *000000 | Start-ClusterNode -PassThru'
            $run = Make (Act @{ script = $script; timeout = 60 }) | {{Run}}
            $run.Outcome; $run.Duration.TotalSeconds -gt 30; $run.Journal['run'][0]['output'].ToString()
            """);

        Assert.Equal(["Passed", "True", "aks-nodepool1-36421985-vmss000000"], result.Select(static value => value.ToString()));
    }

    [Fact]
    public void An_experiment_within_a_script_of_one_in_the_same_sandbox_is_refused()
    {
        var run = _engine.Invoke($"Make (Act @{{ script = 'Make @() | Invoke-ChaosExperiment -Confirm:$false'; timeout = 60 }}) | {Run}").Single();

        Assert.Contains("their times would wait for each other", run.Properties["Reason"].Value.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ command = 'Get-Answr' }", "UnknownCommand", "Did you mean 'Get-Answer'?")]
    [InlineData("@{ command = 'Get-Answer'; arguments = @{ Nmae = 1 } }", "UnknownArgument", "Did you mean 'Name'?")]
    [InlineData("@{ script = 'if (' }", "ScriptInvalid", null)]
    [InlineData("@{ script = '1'; command = 'Get-Answer' }", "MissingKey", null)]
    [InlineData("@{ }", "MissingKey", null)]
    [InlineData("@{ script = '1'; timeout = 0 }", "WrongType", null)]
    [InlineData("@{ script = '1'; comand = 'x' }", "UnknownKey", "Did you mean 'command'?")]
    [InlineData("@{ script = '\"$who\"' }", "PlaceholderInScript", null)]
    public void What_cannot_work_is_found_before_it_runs(string provider, string code, string? suggestion)
    {
        var finding = _engine.Invoke($"(Make (Act {provider}) | Test-ChaosExperiment -AllowExternal).Findings").Single();

        Assert.Equal(code, finding.Properties["Code"].Value);
        if (suggestion is not null) Assert.Contains(suggestion, finding.Properties["Suggestion"].Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_not_leave_a_sandbox_unless_it_may()
    {
        var error = _engine.Run($"Make (Act @{{ script = '$global:ran = 1' }}) | {Run.Replace("-AllowExternal", "", StringComparison.Ordinal)}").Errors.Single();

        Assert.Contains("LeavesSandbox", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("False", _engine.Invoke("$null -ne $global:ran").Single().ToString());
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-Dry Actions")]
    public void It_does_not_run_in_appearance_only(string option) =>
        Assert.Equal("False", _engine.Invoke($"$null = Make (Act @{{ script = '$global:ran = 1' }}) | {Run} {option}; $null -ne $global:ran").Single().ToString());

    [Fact]
    public async Task A_stop_ends_it_and_rollbacks_run_in_a_new_session()
    {
        var path = Path.Combine(_folder.FullName, "rolled-back");
        using var began = new ManualResetEventSlim();
        using var shell = _engine.Create($$"""
            param($began)
            $mine = 'of the caller'
            Make (Act @{ script = 'param() $began.Set(); while ($true) { [Threading.Thread]::Sleep(20) }' }) (Act @{ script = 'param($path) [IO.File]::WriteAllText($path, "[$mine]")'; arguments = '{{path}}' } 'r') | {{Run}}
            """).AddParameter("began", began);
        var running = shell.BeginInvoke();
        Assert.True(began.Wait(TimeSpan.FromSeconds(60)));

        await Task.Run(shell.Stop);

        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        Assert.Equal("[]", await File.ReadAllTextAsync(path));
        Assert.True(_engine.Host.Text.Contains("The experiment ended: Interrupted.", StringComparison.Ordinal), _engine.Host.Text);
    }

    [Fact]
    public async Task A_rollback_that_a_stop_cuts_off_is_not_run_a_second_time()
    {
        var path = Path.Combine(_folder.FullName, "begun");
        using var began = new ManualResetEventSlim();
        using var shell = _engine.Create($$"""
            param($began)
            $global:began = $began
            Make @() (Act @{ script = 'param($path) [IO.File]::AppendAllText($path, "x"); if ($global:began) { $global:began.Set(); while ($true) { [Threading.Thread]::Sleep(20) } }'; arguments = '{{path}}' } 'r') | {{Run}}
            """).AddParameter("began", began);
        var running = shell.BeginInvoke();
        Assert.True(began.Wait(TimeSpan.FromSeconds(60)));

        await Task.Run(shell.Stop);

        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        Assert.Equal("x", await File.ReadAllTextAsync(path));
        Assert.True(_engine.Host.Text.Contains("The experiment ended: RollbackIncomplete.", StringComparison.Ordinal), _engine.Host.Text);
    }

    [Fact]
    public void A_rollback_that_takes_from_the_session_is_warned_of()
    {
        var findings = _engine.Invoke(
            "(Make @() (Act @{ script = 'param($a) $b = $a; foreach ($c in $b) { $_; $mine }' }), (Act @{ command = 'Get-SecretFree' }) | Test-ChaosExperiment -AllowExternal).Findings.Message");

        Assert.Equal(
            [
                "After Ctrl+C this rollback runs in a new session of PowerShell, which does not have $mine.",
                "After Ctrl+C this rollback runs in a new session of PowerShell, which does not have the function get-secretfree.",
            ],
            findings.Select(static message => message.ToString()));
    }

    [Fact]
    public void A_warning_that_ends_the_pipeline_ends_the_script_and_the_run()
    {
        var result = _engine.Run($"Make (Act @{{ script = 'Say enough; while ($true) {{ [Threading.Thread]::Sleep(20) }}' }}) | {Run} -WarningAction Stop");

        Assert.Contains(result.Errors, static error => error.ToString().Contains("enough", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("$run -InputObject $made")]
    [InlineData("Pass $made | $run")] // the function may do everything
    public void In_a_constrained_session_a_script_can_do_no_more_than_its_caller(string command)
    {
        var run = _engine.Invoke($$"""
            function Pass($value) { $value }
            $made = Make (Act @{ script = '[IO.File]::ReadAllText("/etc/hostname")' })
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            {{command.Replace("$run", Run, StringComparison.Ordinal)}}
            """).Single();

        Assert.Equal("ActivityFailed", run.Properties["Outcome"].Value.ToString());
        Assert.Matches("language mode|this session is restricted", (string)run.Properties["Reason"].Value);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
