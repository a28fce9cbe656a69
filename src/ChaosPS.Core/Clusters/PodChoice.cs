using System.Globalization;
using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>Chooses some of the pods that match. One seed chooses the same of the same pods, in whatever order they come.</summary>
public sealed record PodChoice
{
    private PodChoice(PodMode mode, int number, int seed) => (Mode, Number, Seed) = (mode, number, seed);

    /// <summary>How many.</summary>
    public PodMode Mode { get; }

    /// <summary>The count or percentage, where the mode has one.</summary>
    public int Number { get; }

    /// <summary>What the chance comes from.</summary>
    public int Seed { get; }

    /// <summary>A choice.</summary>
    /// <param name="mode">How many; null for <see cref="PodMode.Fixed"/> with a count, <see cref="PodMode.FixedPercent"/> with a percentage, all otherwise.</param>
    /// <param name="count">How many for <see cref="PodMode.Fixed"/>, at least 1.</param>
    /// <param name="percent">The share for the modes with a percentage, 1 to 100.</param>
    /// <param name="seed">What the chance comes from.</param>
    /// <exception cref="ChaosException">They do not go together: id <c>PodChoiceInvalid</c>.</exception>
    public static PodChoice Of(PodMode? mode, int? count, int? percent, int seed)
    {
        var chosen = mode ?? (count is not null ? PodMode.Fixed : percent is not null ? PodMode.FixedPercent : PodMode.All);
        var takesPercent = chosen is PodMode.FixedPercent or PodMode.RandomMaxPercent;
        if (count is not null != chosen is PodMode.Fixed) throw ChaosErrors.PodChoiceInvalid(Wrong("a count", count));
        if (percent is not null != takesPercent) throw ChaosErrors.PodChoiceInvalid(Wrong("a percentage", percent));
        if (count < 1) throw ChaosErrors.PodChoiceInvalid("A count is at least 1.");
        if (percent is < 1 or > 100) throw ChaosErrors.PodChoiceInvalid("A percentage is from 1 to 100.");
        return new PodChoice(chosen, count ?? percent ?? 0, seed);

        string Wrong(string what, int? given) => given is null ? $"The mode {chosen} needs {what}." : $"The mode {chosen} takes no {what[2..]}.";
    }

    /// <summary>The chosen pods, in the order of namespace and name.</summary>
    /// <param name="pods">All that match.</param>
    public IReadOnlyList<ClusterPod> Choose(IEnumerable<ClusterPod> pods)
    {
        ClusterPod[] all = [.. InOrder(pods)];
        if (all.Length == 0) return [];
        var chance = new Random(Seed);
        var percent = Mode == PodMode.RandomMaxPercent ? chance.Next(1, Number + 1) : Number;
        var size = Mode switch
        {
            PodMode.One => 1,
            PodMode.All => all.Length,
            PodMode.Fixed => Math.Min(Number, all.Length),
            _ => Math.Max(1, (int)((long)all.Length * percent / 100)),
        };
        if (size == all.Length) return all;
        chance.Shuffle(all);
        return [.. InOrder(all.Take(size))];
    }

    /// <summary>For people: <c>Fixed 2, seed 42</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mode}{(Number == 0 ? "" : $" {Number}{(Mode == PodMode.Fixed ? "" : " %")}")}, seed {Seed}");

    private static IOrderedEnumerable<ClusterPod> InOrder(IEnumerable<ClusterPod> pods) =>
        pods.OrderBy(static pod => pod.Namespace, StringComparer.Ordinal).ThenBy(static pod => pod.Name, StringComparer.Ordinal);
}
