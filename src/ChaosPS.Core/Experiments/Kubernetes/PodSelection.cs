using System.Text.RegularExpressions;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>Which pods an action hits: by labels and a pattern of the name, all of them or so many, in an order or at random.</summary>
internal static class PodSelection
{
    private static readonly string[] s_modes = ["fixed", "percentage"];
    private static readonly string[] s_orders = ["alphabetic", "oldest"];

    /// <summary>The arguments.</summary>
    public static IReadOnlyList<ActivityArgument> Arguments { get; } =
    [
        Argument.LabelSelector, Argument.Text("name_pattern", "only pods in whose name this regular expression is found."),
        Argument.Flag("all", "whether all of them are hit."), Argument.Flag("rand", "whether they are chosen at random."),
        Argument.Text("mode", "what qty is: fixed for a number, percentage for a share.", "fixed"),
        Argument.Number("qty", "how many, or how many percent; 1 or more.", 1),
    ];

    /// <summary>The arguments that come last.</summary>
    public static IReadOnlyList<ActivityArgument> LastArguments { get; } =
        [Argument.Namespace, Argument.Text("order", "alphabetic, or oldest for the oldest first.", "alphabetic")];

    /// <summary>The pods. Those that have ended or are on their way out are none.</summary>
    /// <exception cref="ChaosException">None is (id <c>NothingMatched</c>), or too little is said (<c>SelectionMissing</c>).</exception>
    public static async Task<IReadOnlyList<ClusterPod>> SelectAsync(KubernetesCall call, CancellationToken cancellationToken)
    {
        var (mode, order) = (Word("mode", s_modes), Word("order", s_orders));
        var quantity = call.Arguments.Number("qty");
        if (quantity < 1) throw ChaosErrors.ArgumentInvalid(call.Activity, "qty", "1 or more", $"{quantity}");
        var (labels, pattern) = (call.Arguments.OptionalText("label_selector"), call.Arguments.OptionalText("name_pattern"));
        CheckSaid(call, labels, pattern);
        var found = await FindAsync(call, labels, pattern, cancellationToken);
        IEnumerable<ClusterPod> ordered = order == "oldest" ? found.OrderBy(static pod => pod.CreationTimestamp) : found;
        if (call.Arguments.Flag("all")) return [.. ordered];
        var count = Math.Min(found.Count, mode == "percentage" ? (int)(((long)quantity * found.Count + 99) / 100) : quantity);
        if (!call.Arguments.Flag("rand")) return [.. ordered.Take(count)];

        // What was chosen before the run stays chosen as long as it is there.
        ClusterPod[] chance = [.. found];
        call.Random.Shuffle(chance);
        return [.. chance.OrderBy(pod => call.Chosen.Any(target => target.Name == new ObjectReference(Kinds.Pod, pod.Namespace, pod.Name).ToString()) ? 0 : 1).Take(count)];

        string Word(string name, string[] known) => call.Arguments.Text(name) is var word && known.Contains(word)
            ? word
            : throw ChaosErrors.ArgumentInvalid(call.Activity, name, $"one of {ChaosErrors.List(known)}", $"'{word}'");
    }

    /// <summary>The pods of labels and a pattern that are alive.</summary>
    /// <exception cref="ChaosException">There is none: id <c>NothingMatched</c>.</exception>
    public static async Task<IReadOnlyList<ClusterPod>> FindAsync(
        KubernetesCall call, string? labels, string? pattern, CancellationToken cancellationToken)
    {
        var pods = await call.Cluster.GetPodsAsync(call.Namespace, labels, cancellationToken);
        var regex = pattern is null ? null : Compile(call, pattern);
        ClusterPod[] found = [.. pods.Where(pod => PodOperations.IsAlive(pod) && (regex is null || regex.IsMatch(pod.Name)))];
        if (found.Length > 0) return found;
        var what = $"living pods{(labels is null ? "" : $" with the labels '{labels}'")}{(pattern is null ? "" : $" with a name like '{pattern}'")}";
        throw await call.NothingMatchedAsync(Kinds.Pod, call.Namespace, what, cancellationToken);
    }

    /// <summary>Refuses what would take its pods from everything because something was left out, or came out empty.</summary>
    private static void CheckSaid(KubernetesCall call, string? labels, string? pattern)
    {
        var empty = call.Arguments.Has("label_selector") && labels is null ? "label_selector" : call.Arguments.Has("name_pattern") && pattern is null ? "name_pattern" : null;
        if (empty is not null) throw Missing($"has an empty {empty}");
        if (labels is null && pattern is null && !call.Arguments.Has("ns")) throw Missing("says neither which pods nor of which namespace");

        ChaosException Missing(string why) => ChaosErrors.SelectionMissing(
            call.Activity, why, $"pods of namespace '{call.Namespace}'", "Give a label_selector or a name_pattern; or the ns alone, when its pods are meant.");
    }

    private static Regex Compile(KubernetesCall call, string pattern)
    {
        try
        {
            return PythonRegex.Compile(pattern);
        }
        catch (ArgumentException exception)
        {
            throw ChaosErrors.ArgumentInvalid(call.Activity, "name_pattern", "a regular expression", exception.Message);
        }
    }
}
