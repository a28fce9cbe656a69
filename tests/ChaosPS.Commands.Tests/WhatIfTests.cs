using System.Management.Automation;
using System.Reflection;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>
/// What is true of every cmdlet that changes something: it changes nothing under <c>-WhatIf</c>, asks about each of its targets, and is refused beyond
/// the budget if it takes nodes away.
/// </summary>
public sealed class WhatIfTests
{
    private const int Yes = 0;
    private const int No = 2; // after "Yes to All"

    private const string Experiments =
        "$experiments = 0..2 | ForEach-Object { $file = \"$env:XDG_STATE_HOME/$([guid]::NewGuid()).yaml\"; "
        + "[IO.File]::WriteAllText($file, [IO.File]::ReadAllText($sample).Replace('INSTANCE0', \"INSTANCE$_\")); $file }";

    private const string HeldRuns =
        "$runs = 'ca-deploy', 'frontend-deploy', 'search-deploy' | ForEach-Object { $state = \"$env:XDG_STATE_HOME/$([guid]::NewGuid())\"; "
        + "$null = Set-WorkloadReplica $_ -Replicas 3 -StatePath $state; Get-ChaosRun -StatePath $state }";

    // Of a sandbox with three nodes, two can be stopped: never the last system node.
    private const string FourNodes =
        "$file = \"$env:XDG_STATE_HOME/$([guid]::NewGuid()).yaml\"; [IO.File]::WriteAllText($file, '{ apiVersion: v1, kind: Namespace, metadata: { name: empty } }'); "
        + "$sandbox = New-ChaosSandbox -Path $file -Nodes 4; $nodes = (Get-ClusterNode)[0..2]";

    private static readonly string[] s_machines = ["/virtualMachines/0/", "/virtualMachines/1/", "/virtualMachines/2/"];
    private static readonly string[] s_nodes = ["-vmss000000", "-vmss000001", "-vmss000002"];
    private static readonly string[] s_workloads = ["/ca-deploy", "/frontend-deploy", "/search-deploy"];

    /// <summary>A line that would change something, for each of them.</summary>
    private static readonly Dictionary<string, Line> s_lines = new()
    {
        ["Add-ChaosSandboxFault"] = new("Throttling -Target Azure") { ChangesCluster = false },
        ["Add-PodAntiAffinity"] = new("search-deploy")
        {
            TakesNodes = false,
            Three = new("Get-PodDistribution ca-deploy, frontend-deploy, search-deploy", "", s_workloads),
        },
        ["Clear-ClusterNode"] = new("*000000 -IgnoreDaemonSet")
        {
            Three = new("$nodes", "-IgnoreDaemonSet -MaxNodesDown 3", s_nodes) { Before = FourNodes },
        },
        ["Export-ClusterSnapshot"] = new("x.json") { ChangesCluster = false },
        ["Export-NodeLossReport"] = new("x.html -InputObject (Measure-NodeLoss -RunCount 1)") { ChangesCluster = false, CollectsInput = true },
        ["Invoke-ChaosExperiment"] = new("$sample") { Three = new("$experiments", "", ["/virtualMachines/0/", "/virtualMachines/9/", "/virtualMachines/10/"]) { Before = Experiments } },
        ["New-ChaosExperiment"] = new("x.yaml chaosk8s.pod.actions.terminate_pods") { ChangesCluster = false },
        ["Remove-ChaosSandbox"] = new("contactsapp")
        {
            ChangesCluster = false,
            Three = new("$served", "", ["sandbox 0", "sandbox 1", "sandbox 2"])
            {
                Before = "$served = 0..2 | ForEach-Object { New-ChaosSandbox contactsapp -Listen }",
                Touched = "0..2 | Where-Object { $served[$_].Uri -notin (Get-ChaosSandbox).Uri } | ForEach-Object { \"sandbox $_\" }",
            },
        },
        ["Remove-ChaosSandboxFault"] = new("1")
        {
            ChangesCluster = false,
            Before = "Add-ChaosSandboxFault SlowStart",
            Three = new("Get-ChaosSandboxFault", "", ["fault 1", "fault 2", "fault 3"])
            {
                Before = "Add-ChaosSandboxFault SlowStart; Add-ChaosSandboxFault Conflict",
                Touched = "1..3 | Where-Object { $_ -notin (Get-ChaosSandboxFault).Id } | ForEach-Object { \"fault $_\" }",
            },
        },
        ["Remove-ClusterPod"] = new("search-*")
        {
            TakesNodes = false,
            Three = new("Get-ClusterPod ca-deploy-*, frontend-deploy-*, mssql-deployment-*", "", ["/pods/ca-deploy-", "/pods/frontend-deploy-", "/pods/mssql-deployment-"]),
        },
        ["Restart-ClusterNode"] = new("*000000") { Three = new("$nodes", "", s_machines) { Before = FourNodes } },
        ["Restore-ChaosRun"] = new("$stopped.Change.RunId")
        {
            Before = "$stopped = Stop-ClusterNode *000000 -PassThru",
            TakesNodes = false,
            Three = new("$runs", "", s_workloads) { Before = HeldRuns },
        },
        ["Resume-ClusterNode"] = new("*000000")
        {
            Before = "Suspend-ClusterNode *000000",
            TakesNodes = false,
            Three = new("$nodes", "", s_nodes) { Before = $"{FourNodes}; $nodes | Suspend-ClusterNode" },
        },
        ["Set-WorkloadReplica"] = new("search-deploy -Replicas 3")
        {
            TakesNodes = false,
            Three = new("Get-PodDistribution ca-deploy, frontend-deploy, search-deploy", "-Replicas 3", s_workloads),
        },
        ["Start-ClusterNode"] = new("*000000")
        {
            Before = "Stop-ClusterNode *000000",
            TakesNodes = false,
            Three = new("$nodes", "", s_machines) { Before = $"{FourNodes}; $nodes | Stop-ClusterNode -MaxNodesDown 3" },
        },
        ["Start-NodeFault"] = new("*000000 Kubelet -Duration 1m")
        {
            Three = new("$nodes", "-Fault Kubelet -Duration 1m -MaxNodesDown 3", s_machines) { Before = FourNodes },
        },
        ["Stop-ClusterNode"] = new("*000000") { Three = new("$nodes", "-MaxNodesDown 3", s_machines) { Before = FourNodes } },
        ["Stop-NodeFault"] = new("*000000")
        {
            Before = "Start-NodeFault *000000 Cpu -Duration 1h | Out-Null",
            TakesNodes = false,
            Three = new("$faults", "", s_machines) { Before = $"{FourNodes}; $faults = $nodes | Start-NodeFault -Fault Cpu -Duration 1h -MaxNodesDown 3" },
        },
        ["Suspend-ClusterNode"] = new("*000000") { TakesNodes = false, Three = new("$nodes", "", s_nodes) { Before = FourNodes } },
        ["Update-Workload"] = new("$fixes[1]")
        {
            Before = "$fixes = Get-ResilienceFix ca-deploy, search-deploy, frontend-deploy -Namespace contactsapp",
            TakesNodes = false,
            Three = new("Get-ResilienceFix ca-deploy, frontend-deploy, search-deploy -Namespace contactsapp", "", s_workloads),
        },
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
    [MemberData(nameof(Mutators))]
    public void Each_of_three_targets_is_asked_about_and_No_leaves_just_that_one_alone(string cmdlet)
    {
        if (s_lines[cmdlet].Three is not { } three)
        {
            if (s_lines[cmdlet].CollectsInput) return;
            using var engine = new Engine();
            Assert.False(
                Cmdlets(engine).Single(command => command.Name == cmdlet).Parameters.Values.SelectMany(static parameter => parameter.ParameterSets.Values)
                    .Any(static set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName),
                $"{cmdlet} takes targets from the pipeline: its line says with {nameof(Line.Three)} how three are piped to it.");
            return;
        }

        var all = Touched(cmdlet, Yes, Yes, Yes);

        Assert.Contains(three.Marks[1], all);
        Assert.Equal(all.Except([three.Marks[1]]), Touched(cmdlet, Yes, No, Yes));
    }

    [Theory]
    [MemberData(nameof(ClusterMutators))]
    public void With_the_budget_spent_no_node_is_taken_away_and_Force_does_not_help(string cmdlet)
    {
        using var engine = new Engine();
        var forces = Cmdlets(engine).Single(command => command.Name == cmdlet).Parameters.ContainsKey("Force");

        foreach (var given in forces ? ["-Confirm:$false", "-Confirm:$false -Force"] : (string[])["-Confirm:$false"])
        {
            var line = s_lines[cmdlet];
            Begin(engine, $"{line.Before}; Stop-ClusterNode *00000a -SkipShutdown -MaxNodesDown 2");
            var up = Up(engine);
            var recording = RecordingHandler.PutBeforeSandbox(engine);

            var result = engine.Run($"{cmdlet} {line.Arguments} {given}");

            if (line.TakesNodes)
            {
                Assert.StartsWith("TooManyNodesDown,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
                Assert.Empty(recording.Changes);
            }
            else
            {
                Assert.Empty(result.Errors);
                Assert.Empty(up.Except(Up(engine)));
            }
        }
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
        Begin(engine, line.Before);
        var recording = RecordingHandler.PutBeforeSandbox(engine);
        engine.Invoke($"{cmdlet} {line.Arguments} {more}");
        return recording;
    }

    /// <summary>Which of three targets a cmdlet changes in a new sandbox when its questions are answered so.</summary>
    private static string[] Touched(string cmdlet, params int[] answers)
    {
        using var engine = new Engine();
        var line = s_lines[cmdlet];
        var three = line.Three!;
        Begin(engine, $"{line.Before}; {three.Before}");
        var recording = RecordingHandler.PutBeforeSandbox(engine);
        engine.Host.Choices = answers;
        engine.Invoke($"{three.Pipe} | {cmdlet} {three.Arguments} -Confirm");
        Assert.Equal(answers.Length, engine.Host.Text.Split("Performing the operation").Length - 1);
        string[] touched = three.Touched is { } script
            ? [.. engine.Invoke(script).Select(static item => item.ToString())]
            : [.. three.Marks.Where(mark => recording.Changes.Any(change => change.Contains(mark, StringComparison.OrdinalIgnoreCase)))];
        engine.Invoke("Get-ChaosSandbox | Remove-ChaosSandbox -Confirm:$false");
        return touched;
    }

    private static void Begin(Engine engine, string before)
    {
        engine.UseSandbox(seed: 1);
        engine.Invoke($"$sample = '{Places.Sample("stop-node.yaml")}'; {before}");
    }

    /// <summary>The nodes whose machines run and that are Ready.</summary>
    private static string[] Up(Engine engine) =>
        [.. engine.Invoke("Get-ClusterNode -PowerState | Where-Object { $_.Ready -and $_.PowerState -eq 'Running' } | ForEach-Object Name").Select(static name => name.ToString())];

    private static IEnumerable<CmdletInfo> Cmdlets(Engine engine) =>
        engine.Invoke("Get-Command -Module ChaosPS").Select(static item => (CmdletInfo)item.BaseObject);

    /// <summary>The arguments of a line.</summary>
    private sealed record Line(string Arguments)
    {
        /// <summary>What has to be done first, or else there would be nothing to change.</summary>
        public string Before { get; init; } = "";

        /// <summary>Whether what it changes is the cluster; no request shows a change of anything else.</summary>
        public bool ChangesCluster { get; init; } = true;

        /// <summary>Whether what is piped to it is what it writes down, and no target.</summary>
        public bool CollectsInput { get; init; }

        /// <summary>Whether what it changes can take nodes away, so that it must be refused when the budget is spent.</summary>
        public bool TakesNodes { get; init; } = true;

        /// <summary>How three targets are piped to it; null when it takes none from the pipeline.</summary>
        public Three? Three { get; init; }
    }

    /// <summary>Three targets for a cmdlet.</summary>
    /// <param name="Pipe">Writes them.</param>
    /// <param name="Arguments">What the cmdlet is given beside them.</param>
    /// <param name="Marks">What in the changing requests, or in what <c>Touched</c> writes, tells of each, in their order.</param>
    private sealed record Three(string Pipe, string Arguments, string[] Marks)
    {
        /// <summary>What has to be done first, beside what the line says.</summary>
        public string Before { get; init; } = "";

        /// <summary>Writes the marks of those that were changed, where no request shows it.</summary>
        public string? Touched { get; init; }
    }
}
