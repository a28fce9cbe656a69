namespace ChaosPS.Simulation.Scheduling;

/// <summary>ImageLocality: a node that has the pod's images already is good, the more so the larger and the more common they are.</summary>
/// <remarks>
/// Source: kubernetes/pkg/scheduler/framework/plugins/imagelocality. What nodes have is taken from the snapshot; images that are pulled later are
/// not noted.
/// </remarks>
internal sealed class ImageLocalityScore(SchedulingCycle cycle) : INodeScore
{
    private const long Smallest = 23L << 20;
    private const long LargestOfContainer = 1000L << 20;

    public int Weight => 1;

    public void Score(IReadOnlyList<SimulatedNode> nodes, Span<long> scores)
    {
        var spread = cycle.State.ImageSpread;
        if (spread.Count == 0) return;
        var all = cycle.State.Nodes.Count;
        var containers = cycle.Pod.Spec.Containers;
        var largest = LargestOfContainer * containers.Count;
        for (var i = 0; i < scores.Length; i++)
        {
            var sum = 0L;
            foreach (var container in containers)
            {
                var image = FullName(container.Image);
                if (nodes[i].Spec.Images.TryGetValue(image, out var size) && spread.TryGetValue(image, out var having)) sum += (long)(size * ((double)having / all));
            }

            scores[i] = Scores.Max * (Math.Clamp(sum, Smallest, largest) - Smallest) / (largest - Smallest);
        }
    }

    /// <summary>The image with its tag.</summary>
    private static string FullName(string image) => image.LastIndexOf(':') <= image.LastIndexOf('/') ? image + ":latest" : image;
}
