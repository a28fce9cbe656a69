using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Experiments;
using ChaosPS.Preflight;

namespace ChaosPS.Providers.Tests.Chaosk8s;

/// <summary>What each activity of chaosk8s has to be allowed: with it the experiment does all that it does, and without any part of it the run does not begin.</summary>
public sealed class ActivityRightsTests
{
    /// <summary>What every run asks for, whatever its activities.</summary>
    private static readonly string[] s_always = ["get  namespaces", "list coordination.k8s.io leases"];

    /// <summary>What its case does not come to: it makes the object itself, and taking that away again is all there is to undo.</summary>
    private static readonly string[] s_notShown = ["crd.actions.replace_cluster_custom_object: patch g.io globals"];

    public static TheoryData<string> Names { get; } = [.. ActivityCases.All.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_activity_of_chaosk8s_has_its_rights() => Assert.Equal(
        ActivityCatalogue.All.Select(static activity => activity.Name).Where(static name => name.StartsWith("chaosk8s.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ActivityRights.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task With_its_rights_an_activity_does_all_that_it_does_and_is_put_back(string name)
    {
        var run = await RunAsync(name, static _ => false, tells: true);

        Assert.True(run.Outcome == RunOutcome.Passed, $"{run.Outcome}: {run.Reason}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Without_any_one_of_them_the_run_does_not_begin_and_where_nobody_says_so_it_does_not_pass(string name)
    {
        var others = ActivityCases.All[name].Method.Where(act => act.Function != name).SelectMany(RightsOf).Concat(s_always).ToHashSet();
        foreach (var right in RightsOf(ActivityCases.All[name].Method.First(act => act.Function == name)).Where(right => !others.Contains(right)))
        {
            var told = await RunAsync(name, denied => denied == right, tells: true);
            var untold = await RunAsync(name, denied => denied == right, tells: false);

            var isAsked = !name.StartsWith("crd.actions.apply_from_", StringComparison.Ordinal); // what kind it is, only the content tells
            Assert.True(!isAsked || told is { Outcome: RunOutcome.NotStarted, ErrorId: "RightsMissing" or "ClusterForbidden" }, $"{right}: {told.Outcome}, {told.ErrorId}");
            Assert.True(untold.Outcome != RunOutcome.Passed || s_notShown.Contains($"{name}: {right}"), $"{right} is not needed.");
        }
    }

    [Fact]
    public async Task What_is_missing_is_named_with_the_rules_that_give_it_and_nothing_is_touched()
    {
        using var world = new ActivityWorld();
        world.Access.Allowed = new HashSet<string>([.. s_always, "get apps deployments", "patch apps deployments", "list apps deployments", "list apps statefulsets", "list apps daemonsets"]);

        var run = await world.RunAsync([new("deployment.actions.scale_deployment", """{"name":"frontend-deploy","ns":"contactsapp","replicas":2}""")]);

        Assert.Equal((RunOutcome.NotStarted, "RightsMissing"), (run.Outcome, run.ErrorId));
        Assert.Contains("patch deployments.apps/scale in namespace 'contactsapp'", run.Reason, StringComparison.Ordinal);
        Assert.Contains("""{apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"]}""", run.Reason, StringComparison.Ordinal);
        Assert.Contains("patch apps deployments/scale contactsapp", world.Access.Reviewed);
        world.Access.Allowed = null;
        Assert.Equal(1, (int)(await world.FindAsync("apps", "Deployment", "deployments", "contactsapp", "frontend-deploy"))!["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Where_nobody_may_ask_what_is_allowed_the_run_goes_on_with_a_warning()
    {
        using var world = new ActivityWorld();
        world.Access.Tells = false;

        var run = await world.RunAsync([new("deployment.actions.scale_deployment", """{"name":"frontend-deploy","ns":"contactsapp","replicas":2}""")]);

        Assert.Equal(RunOutcome.Passed, run.Outcome);
        Assert.Contains(world.Warnings, static warning => warning.StartsWith("Whether the run may do all that it is to do cannot be asked", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_has_each_activitys_rights()
    {
        const string Begin = "| activity | rights |\n|---|---|\n";
        const string End = "\n## Roles\n";
        var page = Path.Combine(
            typeof(ActivityRightsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!,
            "docs", "rbac.md");
        var text = File.ReadAllText(page);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var written = text[..start] + string.Concat(ActivityRights.All.Select(static pair => $"| `{pair.Key["chaosk8s.".Length..]}` | {Describe(pair.Value)} |\n")) + text[text.IndexOf(End, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("CHAOSPS_UPDATE_DOCS") == "1") File.WriteAllText(page, written);

        Assert.Equal(written, File.ReadAllText(page));
    }

    private static string Describe(IReadOnlyList<ClusterRight> rights)
    {
        if (rights.Count == 0) return "none";
        var text = new StringBuilder();
        foreach (var resource in rights.GroupBy(static right => right.ToString()[(right.Verb.Length + 1)..]))
            text.Append(text.Length > 0 ? "; " : "").AppendJoin(", ", resource.Select(static right => right.Verb)).Append(" `").Append(resource.Key).Append('`');
        return text.ToString();
    }

    private static async Task<ChaosRun> RunAsync(string name, Func<string, bool> denied, bool tells)
    {
        var activityCase = ActivityCases.All[name];
        using var world = new ActivityWorld();
        foreach (var (file, content) in activityCase.Files) world.File(file, content);
        world.Access.Allowed = activityCase.Method.SelectMany(RightsOf).Concat(s_always).Where(right => !denied(right)).ToHashSet();
        world.Access.Tells = tells;
        return await world.RunAsync(activityCase.Method, allowIrreversible: activityCase.Irreversible);
    }

    private static IEnumerable<string> RightsOf(Act act)
    {
        var activity = ActivityCatalogue.Get($"chaosk8s.{act.Function}");
        var arguments = (JsonObject)JsonNode.Parse(act.Arguments ?? "{}")!;
        return ActivityRights.All[activity.Name].Select(right => right.Resource.StartsWith('{')
            ? $"{right.Verb} {(string?)arguments["group"] ?? "g.io"} {(string?)arguments["plural"] ?? "things"}"
            : $"{right.Verb} {right.Group} {right.Resource}");
    }
}
