using ChaosPS.Errors;
using ChaosPS.Simulation;

namespace ChaosPS.Core.Tests.Simulation;

public sealed class SimulationSettingsTests
{
    [Fact]
    public void Every_name_has_a_usual_value_that_it_takes_and_that_changes_nothing()
    {
        SimulationOptions usual = new() { NodeMonitorPhase = TimeSpan.Zero, PodGarbageCollectionPhase = TimeSpan.Zero, InstanceCachePhase = TimeSpan.Zero };
        var texts = SimulationSettings.Names.ToDictionary(name => name, name => SimulationSettings.Text(usual, name));
        var again = SimulationSettings.Apply(usual, texts);

        Assert.Equal(texts, SimulationSettings.Names.ToDictionary(name => name, name => SimulationSettings.Text(again, name)));
        Assert.DoesNotContain("", texts.Values);
    }

    [Fact]
    public void Values_are_written_as_people_write_them()
    {
        var options = SimulationSettings.Apply(new SimulationOptions(), new Dictionary<string, string>
        {
            ["nodemonitorgraceperiod"] = "20s",
            ["DefaultTolerationSeconds"] = "1m",
            ["ShutdownTaints"] = "True",
            ["NodeEvictionRate"] = "0.5",
            ["LargeClusterSizeThreshold"] = "10",
            ["NodeMonitorPhase"] = "0",
            ["ContainerStart"] = "500ms..2s",
            ["PowerOff"] = "7",
            ["DefaultTopologySpread"] = "topology.kubernetes.io/zone=1, kubernetes.io/hostname=2",
        });

        Assert.Equal(TimeSpan.FromSeconds(20), options.NodeMonitorGracePeriod);
        Assert.Equal((60, true, 0.5, 10), (options.DefaultTolerationSeconds, options.ShutdownTaints, options.NodeEvictionRate, options.LargeClusterSizeThreshold));
        Assert.Equal(TimeSpan.Zero, options.NodeMonitorPhase);
        Assert.Equal(DurationRange.FromMilliseconds(500, 2000), options.ContainerStart);
        Assert.Equal(DurationRange.FromSeconds(7, 7), options.PowerOff);
        Assert.Equal([("topology.kubernetes.io/zone", 1), ("kubernetes.io/hostname", 2)], options.DefaultTopologySpread);
    }

    [Fact]
    public void A_wrong_name_is_answered_with_all_names_and_the_nearest()
    {
        var error = Refused("NodeMonitorGracePeriode", "20s");

        Assert.Equal("SimulationOptionUnknown", error.ErrorId);
        Assert.StartsWith("Did you mean 'NodeMonitorGracePeriod'", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("ShutdownTaints", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NodeMonitorGracePeriod", "soon")]
    [InlineData("NodeMonitorPeriod", "0s")]
    [InlineData("NodeMonitorGracePeriod", "-5s")]
    [InlineData("ContainerStart", "3s..2s")]
    [InlineData("ContainerStart", "1s..2s..3s")]
    [InlineData("DefaultTolerationSeconds", "1.5")]
    [InlineData("ShutdownTaints", "yes")]
    [InlineData("NodeEvictionRate", "-1")]
    [InlineData("RevisionHistoryLimit", "many")]
    [InlineData("DefaultTopologySpread", "topology.kubernetes.io/zone")]
    public void A_wrong_value_is_answered_with_the_form_that_it_must_have(string name, string value)
    {
        var error = Refused(name, value);

        Assert.Equal("SimulationOptionInvalid", error.ErrorId);
        Assert.StartsWith($"'{value}' is no value of the simulation's option {name}: it takes ", error.Message, StringComparison.Ordinal);
    }

    private static ChaosException Refused(string name, string value) =>
        Assert.Throws<ChaosException>(() => SimulationSettings.Apply(new SimulationOptions(), new Dictionary<string, string> { [name] = value }));
}
