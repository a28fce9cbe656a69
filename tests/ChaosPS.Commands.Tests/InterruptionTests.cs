using System.Management.Automation;
using System.Text.Json.Nodes;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What ends a pipeline while an experiment runs, or right after, and what is left then: nothing.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const string Fix = "$null = Get-PodDistribution ca-deploy, frontend-deploy, search-deploy, visitreports-deploy | "
        + "Set-WorkloadReplica -Replicas 2 -PassThru | Add-PodAntiAffinity";

    private readonly TemporaryFolder _folder = new();

    private string Journal => Path.Combine(_folder.FullName, "journal.json");

    private string Experiment => $"Invoke-ChaosExperiment '{Places.Sample("stop-node.yaml")}' -StatePath '{_folder.FullName}' -JournalPath '{Journal}'";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void After_a_stop_the_undo_is_told_by_the_host_and_the_journal()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal(PSInvocationState.Stopped, Interruption.StopAt(engine, TimeSpan.FromSeconds(20), Experiment));

        Assert.Contains("WARNING: The run was interrupted.\n", engine.Host.Text, StringComparison.Ordinal);
        Assert.EndsWith("The experiment ended: Interrupted.\n", engine.Host.Text, StringComparison.Ordinal);
        AssertBack(engine, "Interrupted");
    }

    [Fact]
    public void After_a_stop_a_host_that_takes_nothing_any_more_keeps_nothing_from_being_put_back()
    {
        using var engine = Engine.WithSandbox();
        using var closing = engine.Clock.CreateTimer(_ => engine.Host.Closed = true, null, TimeSpan.FromSeconds(19), Timeout.InfiniteTimeSpan);

        Interruption.StopAt(engine, TimeSpan.FromSeconds(20), $"{Experiment} -InformationAction Ignore");

        AssertBack(engine, "Interrupted");
    }

    [Fact]
    public void An_error_in_a_script_block_further_down_comes_when_all_is_put_back_and_keeps_the_next_run_from_beginning()
    {
        using var engine = Engine.WithSandbox();

        var result = engine.Run($"'{Places.Sample("stop-node.yaml")}', '{Places.Sample("stop-node.yaml")}' | "
            + $"Invoke-ChaosExperiment -StatePath '{_folder.FullName}' -JournalPath '{Journal}' | ForEach-Object {{ throw 'enough' }}");

        Assert.Equal("enough", Assert.Single(result.Errors).ToString());
        AssertBack(engine, "Deviated");
        Assert.Single(engine.Invoke($"Get-ChaosRun -StatePath '{_folder.FullName}'"));
    }

    [Fact]
    public void A_script_block_further_down_that_wants_no_more_keeps_the_next_run_from_beginning()
    {
        using var engine = Engine.WithSandbox();

        engine.Invoke($"do {{ '{Places.Sample("stop-node.yaml")}', '{Places.Sample("stop-node.yaml")}' | "
            + $"Invoke-ChaosExperiment -StatePath '{_folder.FullName}' -JournalPath '{Journal}' | ForEach-Object {{ break }} }} while ($false)");

        AssertBack(engine, "Deviated");
        Assert.Single(engine.Invoke($"Get-ChaosRun -StatePath '{_folder.FullName}'"));
    }

    [Fact]
    public void A_probe_that_fails_ends_the_method_and_everything_is_put_back()
    {
        using var engine = Engine.WithSandbox();

        Assert.Equal("Deviated", engine.Invoke(Experiment).Single().Properties["Outcome"].Value.ToString());

        AssertBack(engine, "Deviated");
    }

    [Fact]
    public void An_exception_that_nobody_expected_is_a_failed_activity_and_everything_is_put_back()
    {
        using var engine = Engine.WithSandbox();
        RecordingHandler.PutBeforeSandbox(engine).FailOnce = static request => request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.OrdinalIgnoreCase);

        Assert.Equal("ActivityFailed", engine.Invoke(Experiment).Single().Properties["Outcome"].Value.ToString());

        Assert.Contains(RecordingHandler.Unexpected, File.ReadAllText(Journal), StringComparison.Ordinal);
        AssertBack(engine, "ActivityFailed");
    }

    [Theory]
    [InlineData("$VerbosePreference = 'Stop'")]
    [InlineData("$InformationPreference = 'Stop'")]
    public void A_message_that_ends_the_pipeline_interrupts_the_run(string preference)
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke(Fix);

        var result = engine.Run($"{preference}; {Experiment}");

        Assert.StartsWith("ActionPreferenceStop", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["Running", "Running", "Running"], Texts(engine, "(Get-ClusterNode -PowerState).PowerState"));
        Assert.Empty(engine.Invoke($"Get-ChaosRun -Unfinished -StatePath '{_folder.FullName}'"));
    }

    [Fact]
    public void A_warning_of_the_undo_that_ends_the_pipeline_does_not_end_the_undo()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke(Fix);
        var text = File.ReadAllText(Places.Sample("stop-node.yaml"));
        var path = _folder.Write("no-rollbacks.yaml", text[..text.IndexOf("\nrollbacks:", StringComparison.Ordinal)]);

        var result = engine.Run(
            $"Invoke-ChaosExperiment '{path}' -Variable @{{ pause_after_stop = 90 }} -StatePath '{_folder.FullName}' -JournalPath '{Journal}' -WarningAction Stop");

        Assert.Contains("Undo: starting", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        AssertBack(engine, "Passed");
    }

    [Fact]
    public void A_stopped_restore_leaves_the_rest_for_later()
    {
        using var engine = Engine.WithSandbox();
        engine.Invoke($"$id = (Stop-ClusterNode *000000 -PassThru -StatePath '{_folder.FullName}').Change.RunId");

        Interruption.StopAt(engine, TimeSpan.FromSeconds(2), $"Restore-ChaosRun $id -StatePath '{_folder.FullName}'");

        Assert.Contains("again finishes it.", engine.Host.Text, StringComparison.Ordinal);
        Assert.Equal(["True"], Texts(engine, $"(Restore-ChaosRun $id -StatePath '{_folder.FullName}').Complete"));
        Assert.Equal(["Running", "Running", "Running"], Texts(engine, "(Get-ClusterNode -PowerState).PowerState"));
    }

    private void AssertBack(Engine engine, string outcome)
    {
        var journal = JsonNode.Parse(File.ReadAllText(Journal))!;
        Assert.Equal((outcome, true), ((string?)journal["outcome"], (bool)journal["undo"]!["complete"]!));
        Assert.Equal(["Running", "Running", "Running"], Texts(engine, "(Get-ClusterNode -PowerState).PowerState"));
        Assert.Equal(["True", "True", "True"], Texts(engine, "(Get-ClusterNode).Ready"));
        Assert.Equal([outcome], Texts(engine, $"(Get-ChaosRun -StatePath '{_folder.FullName}').Outcome"));
    }

    private static IEnumerable<string> Texts(Engine engine, string script) => engine.Invoke(script).Select(static item => item.ToString());
}
