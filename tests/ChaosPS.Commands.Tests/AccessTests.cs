using System.Globalization;
using System.Management.Automation;
using System.Text;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Each cmdlet needs the rights that are written down for it, and no others: the table, the page and what really is asked are the same.</summary>
public sealed class AccessTests
{
    private const string Update = "CHAOSPS_UPDATE_DOCS";

    /// <summary>A line for each, that makes it do all that it does in a cluster.</summary>
    private static readonly Dictionary<string, Line> s_lines = new()
    {
        ["Add-PodAntiAffinity"] = new("search-deploy -Namespace contactsapp"),
        ["Clear-ClusterNode"] = new("*000000 -IgnoreDaemonSet -Confirm:$false"),
        ["Connect-ChaosCluster"] = new("-Sandbox $sandbox"),
        ["Export-ClusterSnapshot"] = new("\"$env:XDG_STATE_HOME/$([guid]::NewGuid()).json\""),
        ["Get-ChaosRun -Lease"] = new(""),
        ["Get-ClusterNode"] = new(""),
        ["Get-ClusterPod"] = new("-Namespace contactsapp"),
        ["Get-PodDistribution"] = new("-Namespace contactsapp"),
        ["Get-ResilienceFix"] = new("-Namespace contactsapp -MaxOutage 1h"),
        ["Get-ResilienceRisk"] = new("-Namespace contactsapp"),
        ["Invoke-ChaosExperiment"] = new($"'{Places.Sample("stop-node.yaml")}' -Confirm:$false"),
        ["Invoke-ChaosExperiment -Lease"] = new($"'{Places.Sample("stop-node.yaml")}' -Confirm:$false"),
        ["Measure-NodeLoss"] = new("-RunCount 1"),
        ["Remove-ClusterPod"] = new("frontend* -Namespace contactsapp -Confirm:$false"),
        ["Restart-ClusterNode"] = new("*000000 -Confirm:$false"),
        ["Restore-ChaosRun"] = new("-StatePath $state -Confirm:$false -RunId $runs.RunId")
        {
            Before = "$state = \"$env:XDG_STATE_HOME/$([guid]::NewGuid())\"; Stop-ClusterNode *000000 -StatePath $state -Confirm:$false; "
                + "Set-WorkloadReplica ca-deploy -Replicas 2 -StatePath $state; Add-PodAntiAffinity frontend-deploy -StatePath $state; "
                + "$runs = Get-ChaosRun -StatePath $state",
        },
        ["Resume-ClusterNode"] = new("*000000 -Confirm:$false") { Before = "Suspend-ClusterNode *000000 -Confirm:$false" },
        ["Set-WorkloadReplica"] = new("search-deploy -Namespace contactsapp -Replicas 3"),
        ["Start-ClusterNode"] = new("*000000 -Confirm:$false") { Before = "Stop-ClusterNode *000000 -Confirm:$false" },
        ["Start-NodeFault"] = new("*000000 Cpu -Duration 1m -Confirm:$false"),
        ["Stop-ClusterNode"] = new("*000000 -Confirm:$false"),
        ["Stop-NodeFault"] = new("*000000 -StatePath $state -Confirm:$false")
        {
            Before = "$state = \"$env:XDG_STATE_HOME/$([guid]::NewGuid())\"; Start-NodeFault *000000 Cpu -Duration 1h -StatePath $state -Confirm:$false",
        },
        ["Suspend-ClusterNode"] = new("*000000 -Confirm:$false"),
        ["Test-AppHealth"] = new(""),
        ["Update-Workload"] = new("$fixes -Force")
        {
            // The one makes a disruption budget, the other changes it.
            Before = "$fixes = 'search-deploy', 'ca-deploy' | ForEach-Object { Get-ResilienceFix $_ -Namespace contactsapp }; "
                + "foreach ($number in 0, 1) { $fixes[$number].Change.DisruptionBudgets = [ChaosPS.Clusters.DisruptionBudget[]]@([ChaosPS.Clusters.DisruptionBudget]@{ "
                + "Name = 'search'; Namespace = 'contactsapp'; Cluster = $fixes[0].Cluster; MaxUnavailable = \"$($number + 1)\" }) }",
        },
        ["Wait-ClusterNode"] = new("*000000 -State Ready"),
    };

    /// <summary>The module's own table: its types are the module's, and not these tests'.</summary>
    private static readonly Lazy<SortedDictionary<string, Right[]>> s_rights = new(static () =>
    {
        using var engine = new Engine();
        var rows = engine.Invoke(
            "Get-Command -Module ChaosPS | Out-Null; foreach ($pair in [ChaosPS.Preflight.ClusterRights]::All.GetEnumerator()) { foreach ($right in $pair.Value) { , @($pair.Key, $right.Verb, $right.Group, $right.Resource, $right.Without) } }");
        return new SortedDictionary<string, Right[]>(
            rows.Select(static row => ((object?[])row.BaseObject).Select(static item => (item as PSObject)?.BaseObject as string ?? item as string).ToArray())
                .GroupBy(static row => row[0]!).ToDictionary(static rows => rows.Key, static rows => rows.Select(static row => new Right(row[1]!, row[2]!, row[3]!, row[4])).ToArray()),
            StringComparer.Ordinal);
    });

    public static TheoryData<string> Cmdlets => [.. s_lines.Keys];

    [Fact]
    public void Every_cmdlet_that_asks_a_cluster_has_its_rights_and_a_line_here()
    {
        using var engine = new Engine();
        string[] asks =
        [
            .. engine.Invoke("(Get-Command -Module ChaosPS | Where-Object { [ChaosPS.Commands.ClusterCommand].IsAssignableFrom($_.ImplementingType) }).Name")
                .Select(static name => name.ToString()).Except(["Test-ChaosConnection", "Test-ChaosExperiment"]),
        ];

        Assert.Equal(s_lines.Keys.Order(StringComparer.Ordinal), s_rights.Value.Keys);
        Assert.Empty(asks.Except(s_lines.Keys.Select(static key => key.Split(' ')[0])));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void With_its_rights_a_cmdlet_does_all_that_it_does_and_it_asks_for_nothing_else(string cmdlet)
    {
        var rights = s_rights.Value[cmdlet];
        var (result, asked) = Run(cmdlet, rights);

        Assert.False(IsRefused(result), Tell(result));
        Assert.Equal(rights.Select(Key).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Without_any_one_of_them_it_is_refused_or_loses_just_what_is_written_down(string cmdlet)
    {
        var rights = s_rights.Value[cmdlet];
        foreach (var right in rights)
        {
            var (result, _) = Run(cmdlet, rights.Except([right]));

            Assert.True(IsRefused(result) == right.Without is null, $"Without {right}: {Tell(result)}");
        }
    }

    [Fact]
    public void The_pre_flight_tells_which_rights_are_missing_and_asks_for_nothing_more()
    {
        using var engine = Engine.WithSandbox();
        var access = SandboxAccess.PutBeforeSandbox(engine);
        access.Allowed = new HashSet<string>(s_rights.Value["Get-ClusterNode"].Select(Key));
        engine.Invoke("$null = $sandbox | Connect-ChaosCluster");

        var findings = engine.Invoke("Test-ChaosConnection -Namespace contactsapp").Select(Read).DistinctBy(static finding => finding.Check).ToDictionary(static finding => finding.Check);

        Assert.Equal("Ok", findings["Rights: Get-ClusterNode"].Severity);
        Assert.Equal(("Warning", "may not list pods"), (findings["Rights: Get-ClusterPod"].Severity, findings["Rights: Get-ClusterPod"].Evidence));
        Assert.Contains("patch deployments.apps/scale", findings["Rights: Set-WorkloadReplica"].Evidence, StringComparison.Ordinal);
        Assert.Equal("sandbox (system:masters, system:authenticated)", findings["User"].Evidence);
        Assert.Equal(["get  namespaces", "list  nodes", "list events.k8s.io events"], access.Asked.Order(StringComparer.Ordinal)); // events tell of repairs
        Assert.Equal("Warning", findings["Auto-repair"].Severity);
    }

    [Fact]
    public void What_is_not_allowed_to_be_seen_is_a_finding_and_the_others_go_on()
    {
        using var engine = Engine.WithSandbox();
        var access = SandboxAccess.PutBeforeSandbox(engine);
        access.Allowed = new HashSet<string>();
        engine.Invoke("$null = $sandbox | Connect-ChaosCluster");

        var findings = engine.Invoke("Test-ChaosConnection").Select(Read).ToList();

        var nodes = findings.Single(static finding => finding.Check == "Machines");
        Assert.NotEqual("Ok", nodes.Severity);
        Assert.Contains("kubectl create clusterrole", nodes.Remedy, StringComparison.Ordinal);
        Assert.Equal(s_rights.Value.Count, findings.Count(static finding => finding.Check.StartsWith("Rights: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_page_has_each_cmdlets_role()
    {
        var page = Path.Combine(Places.RepositoryRoot, "docs", "rbac.md");
        var text = File.ReadAllText(page);
        const string Begin = "## Roles\n";
        var written = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + string.Concat(s_rights.Value.Select(static pair => Section(pair.Key, pair.Value)));
        if (Environment.GetEnvironmentVariable(Update) == "1") File.WriteAllText(page, written);

        Assert.Equal(written, File.ReadAllText(page));
    }

    private static string Section(string cmdlet, IReadOnlyList<Right> rights)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"\n### {cmdlet}\n\n```yaml\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n");
        text.Append(CultureInfo.InvariantCulture, $"metadata: {{ name: chaosps-{cmdlet.ToLowerInvariant().Replace(" -", "-", StringComparison.Ordinal)} }}\nrules:\n");
        foreach (var group in rights.GroupBy(static right => (right.Group, right.Verb, right.Without)))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {{ apiGroups: [\"{group.Key.Group}\"], resources: [{string.Join(", ", group.Select(static right => right.Resource))}], verbs: [{group.Key.Verb}] }}");
            text.Append(group.Key.Without is { } without ? $" # may be left out: {without}\n" : "\n");
        }

        return text.Append("```\n").ToString();
    }

    private static (EngineResult Result, IReadOnlyList<string> Asked) Run(string cmdlet, IEnumerable<Right> rights)
    {
        var line = s_lines[cmdlet];
        using var engine = Engine.WithSandbox();

        // What is refused leaves unfinished runs, which other tests are not to be warned of.
        engine.Invoke("$PSDefaultParameterValues['*:StatePath'] = \"$env:XDG_STATE_HOME/$([guid]::NewGuid())\"");
        if (line.Before is { } before) engine.Invoke(before);
        var access = SandboxAccess.PutBeforeSandbox(engine);
        access.Allowed = new HashSet<string>(rights.Select(Key));
        engine.Invoke("$null = $sandbox | Connect-ChaosCluster");
        access.ForgetAllBut(Key(s_rights.Value["Connect-ChaosCluster"][0])); // connecting asks who the cluster is, and all else remember that
        return (engine.Run($"{cmdlet} {line.Arguments}"), [.. access.Asked]);
    }

    private static string Key(Right right) => $"{right.Verb} {right.Group} {right.Resource}";

    /// <summary>Whether access control kept it from doing what it is for: as an error, or told of a run that then ends otherwise.</summary>
    private static bool IsRefused(EngineResult result) => result.Errors.Count > 0
        || result.Warnings.Any(static warning => warning.Contains("Not allowed to", StringComparison.Ordinal) && !warning.StartsWith("The snapshot is without", StringComparison.Ordinal));

    private static string Tell(EngineResult result) => string.Join('\n', result.Errors.Select(static error => error.ToString()).Concat(result.Warnings));

    private sealed record Right(string Verb, string Group, string Resource, string? Without)
    {
        public override string ToString() => Key(this);
    }

    /// <summary>A finding of the pre-flight.</summary>
    private sealed record Finding(string Check, string Severity, string Evidence, string? Remedy);

    private static Finding Read(PSObject item) => new(Text(item, "Check")!, Text(item, "Severity")!, Text(item, "Evidence")!, Text(item, "Remedy"));

    private static string? Text(PSObject item, string property) => item.Properties[property].Value?.ToString();

    private sealed record Line(string Arguments)
    {
        public string? Before { get; init; }
    }
}
