using System.Management.Automation;
using System.Reflection;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>What is true of every cmdlet that changes something: it changes nothing under <c>-WhatIf</c>.</summary>
public sealed class WhatIfTests
{
    /// <summary>A line that would change something, for each of them.</summary>
    private static readonly Dictionary<string, Line> s_lines = new()
    {
        ["Add-ChaosSandboxFault"] = new("Throttling -Target Azure") { ChangesCluster = false },
        ["Add-PodAntiAffinity"] = new("search-deploy"),
        ["Export-ClusterSnapshot"] = new("x.json") { ChangesCluster = false },
        ["Invoke-ChaosExperiment"] = new($"'{Places.Sample("stop-node.yaml")}'"),
        ["Remove-ChaosSandbox"] = new("contactsapp") { ChangesCluster = false },
        ["Remove-ChaosSandboxFault"] = new("1") { ChangesCluster = false, Before = "Add-ChaosSandboxFault SlowStart" },
        ["Restart-ClusterNode"] = new("*000000"),
        ["Restore-ChaosRun"] = new("$stopped.Change.RunId") { Before = "$stopped = Stop-ClusterNode *000000 -PassThru" },
        ["Set-WorkloadReplica"] = new("search-deploy -Replicas 3"),
        ["Start-ClusterNode"] = new("*000000") { Before = "Stop-ClusterNode *000000" },
        ["Stop-ClusterNode"] = new("*000000"),
    };

    public static TheoryData<string> Mutators => [.. s_lines.Keys];

    public static TheoryData<string> ClusterMutators => [.. s_lines.Where(static pair => pair.Value.ChangesCluster).Select(static pair => pair.Key)];

    [Fact]
    public void Every_cmdlet_that_changes_something_is_tried_here()
    {
        using var engine = new Engine();

        var mutators = Cmdlets(engine).Where(static cmdlet => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess);

        Assert.Equal(s_lines.Keys.Order(), mutators.Select(static cmdlet => cmdlet.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Mutators))]
    public void Under_WhatIf_no_changing_request_is_made(string cmdlet)
    {
        using var engine = new Engine();
        var forces = Cmdlets(engine).Single(command => command.Name == cmdlet).Parameters.ContainsKey("Force");
        string[] switches = forces ? ["-WhatIf", "-WhatIf -Confirm:$false", "-WhatIf -Force"] : ["-WhatIf", "-WhatIf -Confirm:$false"];

        foreach (var given in switches)
        {
            Assert.Empty(Record(engine, cmdlet, given).Changes);
            Assert.Contains("What if: Performing the operation", engine.Host.Text, StringComparison.Ordinal);
        }
    }

    // Or else the recorder would be no proof.
    [Theory]
    [MemberData(nameof(ClusterMutators))]
    public void The_same_line_without_WhatIf_makes_a_changing_request(string cmdlet)
    {
        using var engine = new Engine();

        Assert.NotEmpty(Record(engine, cmdlet, "-Confirm:$false").Changes);
    }

    [Theory]
    [InlineData("Set-WorkloadReplica ingress-nginx-controller -Replicas 2 -WhatIf", "WorkloadKindNotSupported")]
    [InlineData("Add-PodAntiAffinity search-deploy -LabelKey nonesuch -WhatIf", "LabelMissing")]
    public void What_would_be_refused_is_refused_under_WhatIf_too(string line, string id)
    {
        using var engine = Engine.WithSandbox();

        Assert.StartsWith($"{id},", Assert.Single(engine.Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("", engine.Host.Text);
    }

    /// <summary>What a cmdlet's line asks a new sandbox, with more arguments.</summary>
    private static RecordingHandler Record(Engine engine, string cmdlet, string more)
    {
        var line = s_lines[cmdlet];
        engine.UseSandbox(seed: 1);
        engine.Invoke(line.Before);
        var sandbox = engine.Invoke("$sandbox").Single().BaseObject;
        var handler = sandbox.GetType().GetField("<Handler>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var recording = new RecordingHandler((HttpMessageHandler)handler.GetValue(sandbox)!);
        handler.SetValue(sandbox, recording);
        engine.Invoke("$null = $sandbox | Connect-ChaosCluster");

        engine.Invoke($"{cmdlet} {line.Arguments} {more}");

        return recording;
    }

    private static IEnumerable<CmdletInfo> Cmdlets(Engine engine) =>
        engine.Invoke("Get-Command -Module ChaosPS").Select(static item => (CmdletInfo)item.BaseObject);

    /// <summary>The arguments of a line.</summary>
    private sealed record Line(string Arguments)
    {
        /// <summary>What has to be done first, or else there would be nothing to change.</summary>
        public string Before { get; init; } = "";

        /// <summary>Whether what it changes is the cluster; no request shows a change of anything else.</summary>
        public bool ChangesCluster { get; init; } = true;
    }
}
