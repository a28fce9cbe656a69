using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>The bounds of a rolling update.</summary>
/// <remarks>Source: ResolveFenceposts in kubernetes/pkg/controller/deployment/util.</remarks>
internal static class RollingUpdate
{
    /// <summary>How many pods there may be above the wanted replicas: a percentage is rounded up.</summary>
    public static int MaxSurge(Workload workload) => workload.IsRecreate ? 0 : Resolve(workload.MaxSurge, workload.Replicas, roundUp: true);

    /// <summary>How many of the wanted replicas may be missing: a percentage is rounded down, but both bounds 0 would stop every update.</summary>
    public static int MaxUnavailable(Workload workload)
    {
        if (workload.IsRecreate) return 0;
        var unavailable = Resolve(workload.MaxUnavailable, workload.Replicas, roundUp: false);
        if (unavailable == 0 && MaxSurge(workload) == 0) unavailable = 1;
        return Math.Min(unavailable, workload.Replicas);
    }

    /// <summary>A number, or a percentage of the replicas.</summary>
    public static int Resolve(string value, int replicas, bool roundUp)
    {
        if (!value.EndsWith('%')) return int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
        var percent = int.Parse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return (int)Math.Min(int.MaxValue, (((long)replicas * percent) + (roundUp ? 99 : 0)) / 100);
    }
}
