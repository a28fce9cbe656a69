using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Tests.Fakes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Tests.Clusters;

/// <summary>Which of the pods that match are hit.</summary>
public sealed class PodChoiceTests
{
    [Theory]
    [InlineData(PodMode.One, null, null, 10, 1)]
    [InlineData(PodMode.All, null, null, 10, 10)]
    [InlineData(PodMode.Fixed, 3, null, 10, 3)]
    [InlineData(PodMode.Fixed, 30, null, 10, 10)]
    [InlineData(PodMode.FixedPercent, null, 25, 10, 2)]
    [InlineData(PodMode.FixedPercent, null, 1, 10, 1)]
    [InlineData(PodMode.FixedPercent, null, 100, 10, 10)]
    [InlineData(PodMode.RandomMaxPercent, null, 1, 10, 1)]
    [InlineData(null, null, null, 10, 10)]
    [InlineData(null, 4, null, 10, 4)]
    [InlineData(null, null, 50, 10, 5)]
    [InlineData(PodMode.One, null, null, 0, 0)]
    [InlineData(PodMode.FixedPercent, null, 50, 0, 0)]
    public void A_mode_says_how_many(PodMode? mode, int? count, int? percent, int pods, int expected) =>
        Assert.Equal(expected, PodChoice.Of(mode, count, percent, seed: 7).Choose(Pods(pods)).Count);

    [Theory]
    [InlineData(PodMode.Fixed, null, null, "The mode Fixed needs a count.")]
    [InlineData(PodMode.One, 2, null, "The mode One takes no count.")]
    [InlineData(PodMode.All, null, 50, "The mode All takes no percentage.")]
    [InlineData(PodMode.RandomMaxPercent, null, null, "The mode RandomMaxPercent needs a percentage.")]
    [InlineData(PodMode.Fixed, 0, null, "A count is at least 1.")]
    [InlineData(null, null, 101, "A percentage is from 1 to 100.")]
    [InlineData(null, 1, 50, "The mode Fixed takes no percentage.")]
    public void Words_that_do_not_go_together_are_refused(PodMode? mode, int? count, int? percent, string message)
    {
        var exception = Assert.Throws<ChaosException>(() => PodChoice.Of(mode, count, percent, 1));

        Assert.Equal(("PodChoiceInvalid", message), (exception.ErrorId, exception.Message));
    }

    [Property]
    public Property One_seed_chooses_the_same_of_the_same_pods_in_whatever_order_they_come(int seed, PositiveInt size, PositiveInt count)
    {
        var pods = Pods(size.Get % 50);
        var choice = PodChoice.Of(PodMode.Fixed, count.Get, null, seed);
        var shuffled = pods.ToArray();
        new Random(seed + 1).Shuffle(shuffled);

        var chosen = choice.Choose(pods);

        return (chosen.SequenceEqual(choice.Choose(shuffled)) && chosen.Distinct().Count() == Math.Min(count.Get, pods.Count)
            && chosen.All(pods.Contains)).ToProperty();
    }

    [Property]
    public Property A_random_share_stays_below_its_limit(int seed, PositiveInt size, PositiveInt percent)
    {
        var limit = ((percent.Get - 1) % 100) + 1;
        var chosen = PodChoice.Of(PodMode.RandomMaxPercent, null, limit, seed).Choose(Pods(size.Get)).Count;
        return (chosen >= 1 && chosen <= Math.Max(1, size.Get * limit / 100)).ToProperty();
    }

    [Fact]
    public void Every_pod_can_be_the_one() =>
        Assert.Equal(5, Enumerable.Range(0, 100).Select(seed => PodChoice.Of(PodMode.One, null, null, seed).Choose(Pods(5)).Single().Name).Distinct().Count());

    private static List<ClusterPod> Pods(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static index => new ClusterPod
        {
            Name = $"pod-{index:000}",
            Namespace = "shop",
            Cluster = FakeCluster.Identity,
            Spec = new PodSpec { Containers = [] },
        }),
    ];
}
