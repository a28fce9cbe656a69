using System.Reflection;
using ChaosPS.Experiments;

namespace ChaosPS.Sandbox.Tests.Azure;

/// <summary>Each function of chaosazure that there is has a test of its effect: a new one fails here until it has.</summary>
public sealed class AzureEffectTests
{
    private const string Modules = "chaosazure.";

    /// <summary>The tests of effects that take module and function as their first arguments.</summary>
    private static readonly string[] s_byName =
    [
        nameof(AzureActivityTests.An_action_has_its_effect_and_no_other), nameof(AzureActivityTests.A_start_starts_what_is_off_and_nothing_else),
        nameof(AzureActivityTests.A_probe_counts), nameof(AzureActivityTests.A_probe_describes),
    ];

    /// <summary>The tests of the effect of one function.</summary>
    private static readonly Dictionary<string, string> s_single = new()
    {
        ["chaosazure.aks.actions.stop_managed_clusters"] = nameof(AzureActivityTests.A_whole_cluster_is_stopped_and_started_again_in_the_end),
        ["chaosazure.aks.actions.start_managed_clusters"] = nameof(AzureActivityTests.A_rollback_starts_a_whole_cluster),
        ["chaosazure.aks.actions.delete_managed_clusters"] = nameof(AzureActivityTests.A_whole_cluster_is_deleted),
    };

    [Fact]
    public void Every_function_has_a_test_of_its_effect()
    {
        var tested = s_byName.SelectMany(static name => typeof(AzureActivityTests).GetMethod(name)!.GetCustomAttributes<InlineDataAttribute>())
            .Select(static row => row.GetData(null!).Single()).Select(static row => $"{Modules}{row[0]}.{row[1]}")
            .Concat(FaultActivityTests.Activities.Select(static row => Modules + (string)((object[])row)[0]))
            .Concat(s_single.Keys);

        Assert.Equal(
            ActivityCatalogue.All.Select(static activity => activity.ToString()).Where(static name => name.StartsWith(Modules, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            tested.Distinct().Order(StringComparer.Ordinal));
    }
}
