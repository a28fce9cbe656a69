using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Tests.Fakes;

namespace ChaosPS.Tests.Clusters;

public class AntiAffinityLabelTests
{
    [Theory]
    [InlineData(null, "app=web", "app=web,service=web", "service")]
    [InlineData(null, "app=web", "app=web,tier=front", "app")]
    [InlineData("tier", "app=web", "app=web,tier=front", "tier")]
    public void The_label_is_the_one_that_is_named_or_service_or_the_selectors_only_one(string? named, string selector, string labels, string expected) =>
        Assert.Equal(expected, WorkloadOperations.AntiAffinityLabel(Workload(selector, labels), named));

    [Theory]
    [InlineData("nonesuch", "app=web", "LabelMissing", "have no label 'nonesuch'")]
    [InlineData(null, "app=web,release=blue", "LabelAmbiguous", "selector is 'app=web,release=blue'")]
    [InlineData(null, "nonesuch=web", "LabelMissing", "have no label 'nonesuch'")]
    public void A_label_that_does_not_keep_just_these_pods_apart_is_refused(string? named, string selector, string id, string message)
    {
        var error = Assert.Throws<ChaosException>(() => WorkloadOperations.AntiAffinityLabel(Workload(selector, "app=web,release=blue"), named));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static Workload Workload(string selector, string labels) => new()
    {
        Kind = "Deployment",
        Namespace = "shop",
        Name = "web",
        Cluster = FakeCluster.Identity,
        PodSpec = new PodSpec { Containers = [] },
        Selector = LabelSelector.Parse(selector),
        PodLabels = labels.Split(',').Select(static label => label.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]),
    };
}
