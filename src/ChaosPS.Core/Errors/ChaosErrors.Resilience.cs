using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Resilience;

namespace ChaosPS.Errors;

public static partial class ChaosErrors
{
    /// <summary>A zone, pool or scale set that no node is in.</summary>
    /// <param name="kind">What it was to be.</param>
    /// <param name="name">Its name.</param>
    /// <param name="known">The names there are.</param>
    public static ChaosException NodeGroupNotFound(string kind, string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        return new(
            "NodeGroupNotFound", ErrorKind.NotFound,
            $"No node is in {kind} '{name}'. {(all.Length == 0 ? "The nodes are in none." : $"There are: {string.Join(", ", all)}.")}",
            NearestNames.Suggest(name, all) ?? "Get-ClusterNode shows where each node is.", name);
    }

    /// <summary>No small change of a workload lets it survive what it is to survive.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="goals">What it is to survive.</param>
    /// <param name="tried">How many changes were tried.</param>
    /// <param name="nearest">The one that came nearest, and what is against it.</param>
    /// <param name="needed">What it would take; null where that is not known.</param>
    public static ChaosException FixNotFound(Workload workload, IEnumerable<ResilienceGoal> goals, int tried, RejectedChange nearest, string? needed) => new(
        "FixNotFound", ErrorKind.NotFound,
        string.Create(CultureInfo.InvariantCulture, $"No small change lets {workload} survive {string.Join(", ", goals)}: {tried} were tried. The nearest, \"{nearest.Description}\", fails: {nearest.Counterexample.TrimEnd('.')}."),
        needed ?? "Measure-NodeLoss shows what every loss does; -MaxOutage lets a short outage be.", workload.ToString());

    /// <summary>Lines of files are wanted of risks that stand in none.</summary>
    /// <param name="path">What was looked at; null for the cluster.</param>
    public static ChaosException SarifWithoutManifests(string? path) => new(
        "SarifWithoutManifests", ErrorKind.InvalidArgument,
        $"SARIF tells files and lines, and {path ?? "a cluster"} has none.",
        "Use -Path with a file or folder of manifests, or ConvertTo-Json.", path);

    /// <summary>A number of nodes that is none.</summary>
    public static ChaosException PoolSizeInvalid(string pool, string size) => new(
        "PoolSizeInvalid", ErrorKind.InvalidArgument,
        $"Pool '{pool}' cannot have '{size}' nodes.",
        "Write a whole number: @{ nodepool1 = 5 }.", size);

    /// <summary>A simulation that broke off.</summary>
    public static ChaosException PredictionFailed(Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new(
            "PredictionFailed", ErrorKind.InvalidData,
            $"The simulation broke off: {inner.Message}",
            "Export-ClusterSnapshot keeps what it was made from: please report it.", null, inner);
    }
}
