using ChaosPS.Errors;
using ChaosPS.Experiments;
using ChaosPS.Ports;
using ChaosPS.Providers;
using ChaosPS.Sandbox.Serving;
using ChaosPS.Sandboxes;
using ChaosPS.Time;

namespace ChaosPS.Sandbox.Tests.Experiments;

/// <summary>Nothing leaves a sandbox, unless it is permitted.</summary>
public sealed class ConfinementTests
{
    private const string Leaving = """
        title: leaves
        description: in three ways
        configuration: {host: example.org}
        method:
        - {type: probe, name: program, provider: {type: process, path: sh, arguments: [-c, exit 0]}}
        - {type: probe, name: foreign, provider: {type: http, url: "http://${host}/"}}
        - {type: probe, name: own, provider: {type: http, url: "http://contactsapp.sandbox/"}}
        """;

    private readonly Composition _composition = new();

    [Fact]
    public void A_program_and_a_foreign_host_are_refused_with_their_places()
    {
        var connection = _composition.Connect(SandboxFactory.Create("contactsapp", 1));

        var findings = ExperimentValidator.Validate(Read(), EnvironmentVariables.For(connection), null, Confinement.For(connection)).Errors.ToArray();

        Assert.Equal([("LeavesSandbox", 5), ("LeavesSandbox", 6)], findings.Select(finding => (finding.Code, finding.Line)));
        Assert.Contains("'foreign' sends to the host 'example.org', which sandbox contactsapp does not serve", findings[1].Message, StringComparison.Ordinal);
        Assert.Contains("--allow-external", findings[0].Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_refused_before_anything_unless_it_is_permitted()
    {
        var connection = _composition.Connect(SandboxFactory.Create("contactsapp", 1));
        var state = Directory.CreateTempSubdirectory("chaosps-tests-").FullName;
        try
        {
            var options = new RunOptions { StatePath = state };
            var error = await Assert.ThrowsAsync<ChaosException>(() => ExperimentRunner.RunAsync(Read(), connection, options, NullLog.Instance, default));
            Assert.Equal("ExperimentInvalid", error.ErrorId);
            Assert.Empty(Directory.GetFileSystemEntries(state));

            var plan = await connection.Time.RunAsync(() => ExperimentRunner.PlanAsync(Read(), connection, options with { AllowExternal = true }, default));

            Assert.Null(plan.Refusal);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    [Fact]
    public async Task A_program_of_a_run_finds_the_sandbox_that_is_served_and_nobodys_credentials()
    {
        await using var server = SandboxServer.Start(SandboxFactory.Create("contactsapp", new SandboxOptions { Speed = 1 }), "127.0.0.1:0", NullLog.Instance);

        var found = await LookAroundAsync(_composition.Connect(server.Sandbox));

        Assert.Contains($"\"server\":\"{server.Sandbox.Uri!.GetLeftPart(UriPartial.Authority)}\"", found.Config, StringComparison.Ordinal);
        Assert.False(Path.Exists(found.Path));
    }

    [Fact]
    public async Task A_program_of_a_run_inside_the_process_finds_no_cluster()
    {
        var found = await LookAroundAsync(_composition.Connect(SandboxFactory.Create("contactsapp", 1)));

        Assert.Equal("""{"apiVersion":"v1","kind":"Config"}""", found.Config);
        Assert.False(Path.Exists(found.Path));
    }

    [Fact]
    public void On_a_real_cluster_nothing_is_confined()
    {
        Assert.Null(Confinement.For(null));
    }

    /// <summary>What a program of a run reads where its kubeconfig should be.</summary>
    private async Task<(string Path, string Config)> LookAroundAsync(ChaosConnection connection)
    {
        const string Looking = """
            title: looks around
            description: as kubectl does
            method:
            - {type: probe, name: look, provider: {type: process, path: sh, arguments: [-c, 'printf "%s\n%s\n" "$KUBECONFIG" "$AZURE_CONFIG_DIR"; cat "$KUBECONFIG"']}}
            """;
        var state = Directory.CreateTempSubdirectory("chaosps-tests-").FullName;
        try
        {
            var run = await ExperimentRunner.RunAsync(
                ExperimentReader.Read(Looking, "e.yaml", _composition.Documents), connection,
                new RunOptions { StatePath = state, AllowExternal = true }, NullLog.Instance, default);
            Assert.Equal(RunOutcome.Passed, run.Outcome);
            var lines = ((string)run.Activities.Single().Output!["stdout"]!).Split('\n', 3);
            Assert.Equal(Path.GetDirectoryName(lines[0]), lines[1]);
            return (lines[0], lines[2]);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private Experiment Read() => ExperimentReader.Read(Leaving, "e.yaml", _composition.Documents);
}
