using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChaosPS.Azure;
using ChaosPS.Clusters;
using ChaosPS.Experiments;
using ChaosPS.Faults;
using ChaosPS.Preflight;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>The role in docs/azure-permissions.md has what the calls of ChaosPS need, and nothing else.</summary>
public sealed partial class PermissionTests : IDisposable
{
    private static readonly string[] s_verbs = ["powerOff", "deallocate", "start", "restart", "redeploy", "reimage", "runCommand", "simulateEviction"];

    private readonly MachineWorld _world = new();
    private readonly string _page = File.ReadAllText(PagePath());

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_role_has_exactly_the_actions_of_the_calls_that_can_be_undone()
    {
        foreach (var node in new[] { "uniform-a", "flexible-a", "vm-a" })
        {
            foreach (var action in new[] { PowerAction.PowerOff, PowerAction.Start, PowerAction.Deallocate, PowerAction.Start, PowerAction.Restart, PowerAction.Redeploy })
                await _world.Change(node, action);
            var machine = await _world.Machine(node);
            await _world.Run(async () => await (await _world.Connection.Power.BeginScriptAsync(machine, new FaultScript("run-1", null).Text, default)).WaitAsync(default));
        }

        await _world.Run(() => _world.Connection.Power.FindScaleSetsAsync("project id", default));
        var target = new PowerTarget(RunPhase.Method, "stop", PowerAction.PowerOff, await _world.Machine("uniform-a"));
        await _world.Run(async () =>
        {
            await AzureRunRights.CheckAsync(AzureRunRights.Of(_world.Connection, [target]), null, default);
            return true;
        });
        Assert.Equal(Called(), Role());
    }

    /// <summary>The cmdlets that change power, and what they do to it.</summary>
    public static TheoryData<string, PowerAction> Cmdlets => new()
    {
        { "Stop-ClusterNode", PowerAction.PowerOff },
        { "Stop-ClusterNode -Deallocate", PowerAction.Deallocate },
        { "Start-ClusterNode", PowerAction.Start },
        { "Restart-ClusterNode", PowerAction.Restart },
    };

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task The_actions_of_each_cmdlet_are_those_of_its_calls(string cmdlet, PowerAction action)
    {
        if (action == PowerAction.Start) await _world.Change("uniform-a", PowerAction.PowerOff);
        _world.Requests.All.Clear();

        await _world.Change("uniform-a", action);

        var row = Assert.Single(_page.Split('\n'), line => line.StartsWith('|') && line.Split('|')[1].Contains($"`{cmdlet}`", StringComparison.Ordinal));
        string[] told = [.. Quoted().Matches(row.Split('|')[2].Split(';')[0]).Select(static match => $"Microsoft.Compute/virtualMachineScaleSets/virtualMachines/{match.Groups[1].Value}")];
        Assert.Equal(["Microsoft.Compute/locations/operations/read", .. told.Order(StringComparer.OrdinalIgnoreCase)], Called());
    }

    [Fact]
    public async Task What_the_pre_flight_looks_at_is_named()
    {
        var findings = await AzureTest.RunAsync(_world.Connection, null, default);

        Assert.NotEmpty(findings);
        string[] reads =
        [
            .. _world.Requests.All.Select(static request => Looked().Match(request)).Where(static match => match.Success)
                .Select(static match => $"{match.Groups["provider"].Value}/{match.Groups["type"].Value}/read".Replace("locations//", "locations/usages/", StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        Assert.Equal(6, reads.Length);
        Assert.All(reads, read => Assert.Contains($"`{read}`", _page, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(PowerAction.PowerOff, "stop/action")]
    [InlineData(PowerAction.Start, "start/action")]
    [InlineData(PowerAction.Delete, "delete")]
    public async Task Whole_clusters_need_the_actions_that_are_named_apart(PowerAction action, string permission)
    {
        var azure = _world.Connection.Azure!;
        var aks = (await _world.Run(() => azure.FindAksClusterAsync(MachineWorld.Subscription, MachineWorld.Group, default)))!;
        if (action == PowerAction.Start) await Begin(PowerAction.PowerOff);
        await Begin(action);

        var call = _world.Requests.All.Last(static request => !request.StartsWith("GET", StringComparison.Ordinal));
        Assert.EndsWith(action == PowerAction.Delete ? "/shop" : $"/shop/{permission.Split('/')[0]}", call, StringComparison.Ordinal);
        Assert.Contains($"`Microsoft.ContainerService/managedClusters/{permission}`", _page, StringComparison.Ordinal);

        Task Begin(PowerAction what) => _world.Run(async () => await (await azure.BeginAsync(aks, what, default)).WaitAsync(default));
    }

    [Fact]
    public void The_role_has_one_name()
    {
        Assert.Equal(AzureRole.Operator, (string?)JsonNode.Parse(Block("json"))!["Name"]);
        Assert.Contains($"roleName: '{AzureRole.Operator}'", Block("bicep"), StringComparison.Ordinal);
        Assert.Contains($"description: '{JsonNode.Parse(Block("json"))!["Description"]}'", Block("bicep"), StringComparison.Ordinal);
        Assert.Contains($"--role \"{AzureRole.Operator}\"", _page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_role_in_bicep_is_the_same() => Assert.Equal(
        Role(), BicepAction().Matches(Block("bicep")).Select(static match => match.Groups[1].Value).Order(StringComparer.OrdinalIgnoreCase).ToArray());

    [Fact]
    public async Task What_cannot_be_undone_needs_the_actions_that_are_named_apart()
    {
        await _world.Change("uniform-a", PowerAction.Reimage);
        await _world.Change("vm-a", PowerAction.Reimage);
        await _world.Change("uniform-a", PowerAction.Delete);
        await _world.Change("vm-a", PowerAction.Delete);
        await _world.Change("spot-a", PowerAction.SimulateEviction);
        await _world.Change("spot-b", PowerAction.SimulateEviction);

        string[] more = [.. Called().Except(Role(), StringComparer.OrdinalIgnoreCase)];
        Assert.Equal(6, more.Length);
        Assert.All(more, action => Assert.Contains($"`…/{action.Split("virtualMachines/")[1]}`", _page, StringComparison.Ordinal));
    }

    /// <summary>The actions behind the calls. Those of a machine are named after the last part of the path, in Azure's own case.</summary>
    private string[] Called() =>
        [.. _world.Requests.All.Select(ToAction).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];

    private static string? ToAction(string request)
    {
        var match = Call().Match(request);
        if (!match.Success) return Asked().Match(request) is { Success: true } asked ? $"Microsoft.Authorization/{asked.Groups[1].Value}/read" : null; // Resource Graph shows what may be read
        var uniform = match.Groups["set"].Success;
        var type = request.Contains("/locations/", StringComparison.Ordinal) ? "Microsoft.Compute/locations/operations"
            : uniform && match.Groups["instances"].Success ? "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"
            : uniform ? "Microsoft.Compute/virtualMachineScaleSets"
            : "Microsoft.Compute/virtualMachines";
        return match.Groups["method"].Value switch
        {
            "GET" => $"{type}/read",
            "DELETE" => $"{type}/delete",
            _ => $"{type}/{s_verbs.First(verb => verb.Equals(match.Groups["verb"].Value, StringComparison.OrdinalIgnoreCase))}/action",
        };
    }

    private string[] Role() => [.. JsonNode.Parse(Block("json"))!["Actions"]!.AsArray().Select(static action => (string)action!).Order(StringComparer.OrdinalIgnoreCase)];

    private string Block(string language)
    {
        var start = _page.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return _page[start.._page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string PagePath() => Path.Combine(
        typeof(PermissionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!,
        "docs", "azure-permissions.md");

    [GeneratedRegex(@"^GET .*/providers/Microsoft\.Authorization/(permissions|denyAssignments)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Asked();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"^GET .*/providers/(?<provider>Microsoft\.(?:Authorization|ContainerService|Compute))/(?<type>permissions|denyAssignments|locks|managedClusters|virtualMachineScaleSets(?=/[^/]+$)|locations/(?=[^/]+/usages))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Looked();

    [GeneratedRegex("^ +'(Microsoft\\.(?:Authorization|Compute)/[^']+)'$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BicepAction();

    [GeneratedRegex(
        @"^(?<method>\w+) /subscriptions/[^/]+(?:/resourceGroups/[^/]+)?/providers/Microsoft\.Compute/(?:locations/[^/]+/operations/[^/?]+"
        + @"|virtualMachineScaleSets/(?<set>[^/?]+)(?<instances>/virtualMachines(?:/\d+)?)?|virtualMachines(?:/[^/?]+)?)(?:/(?<verb>\w+))?(?:\?.*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Call();
}
