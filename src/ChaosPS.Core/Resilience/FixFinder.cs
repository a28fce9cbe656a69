using System.Globalization;
using ChaosPS.Clusters;
using ChaosPS.Errors;

namespace ChaosPS.Resilience;

/// <summary>Searches small changes of workloads for the cheapest with which they survive what they are to survive, in simulations.</summary>
/// <remarks>
/// Best first: of all changes that are left the cheapest is tried, and where it fails, what can help against that failure is added to it. So every change that
/// costs less than the one that is found has been tried, or cannot help. Fixes of several workloads build on each other: the next one finds the room that is left.
/// </remarks>
public sealed class FixFinder
{
    /// <summary>So many changes of one workload are tried.</summary>
    private const int MostTried = 250;

    /// <summary>So many more changes are tried for one that survives a second loss, too, when one has been found that survives the first.</summary>
    private const int MostTriedAgain = 40;

    /// <summary>So many more nodes are tried where nothing helps, to say how many it takes.</summary>
    private const int MostNodes = 3;

    private readonly PredictionOptions _options;
    private readonly TimeSpan _bearable;
    private ClusterSnapshot _snapshot;

    /// <summary>Begins with a cluster.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="options">Its times and rates; one seed gives the same fixes.</param>
    /// <param name="bearable">How long an outage is borne; zero for none.</param>
    public FixFinder(ClusterSnapshot snapshot, PredictionOptions options, TimeSpan bearable)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(bearable, TimeSpan.Zero);
        (_snapshot, _options, _bearable) = (snapshot, options, bearable);
    }

    /// <summary>Searches a fix of one workload.</summary>
    /// <param name="kind">The workload's kind.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="goals">What it is to survive.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where it survives that as it is.</returns>
    /// <exception cref="ChaosException">
    /// Nothing small helps: id <c>FixNotFound</c>, with what came nearest and how many nodes it takes. Or it is none that can be changed: ids
    /// <c>WorkloadNotFound</c>, <c>WorkloadKindNotSupported</c>.
    /// </exception>
    public ResilienceFix? Find(string kind, string @namespace, string name, IReadOnlyList<ResilienceGoal> goals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(goals);
        var workload = _snapshot.Workloads.FirstOrDefault(it => it.Kind == kind && it.Namespace == @namespace && it.Name == name)
            ?? throw ChaosErrors.WorkloadNotFound(name, @namespace, _snapshot.Workloads.Where(it => it.Namespace == @namespace).Select(static it => it.Name));
        if (kind is not ("Deployment" or "StatefulSet")) throw ChaosErrors.WorkloadKindNotSupported(workload.ToString(), "A fix");
        if (workload.Replicas == 0) return null;

        var prover = new FixProver(_snapshot, _options, goals, _bearable);
        var now = prover.Prove(FixCandidate.None(workload), again: true, cancellationToken);
        if (now.Failure is null) return null;
        List<RejectedChange> rejected = [now.Failure];
        List<FixCandidate> once = [];
        if (now.FailsAgain) once.Add(FixCandidate.None(workload));
        if (Search(prover, workload, now, rejected, once, MostTried, cancellationToken) is var (candidate, proof)) return Make(candidate, proof, rejected, []);

        // Nothing stands a second loss: two nodes are the usual reason. Then what stands the first is as good as it gets, and that is said.
        foreach (var it in once)
        {
            if (prover.Prove(it, again: false, cancellationToken) is not { Failure: null } first) continue;
            if (it.IsEmpty) return null;
            var index = rejected.FindIndex(change => change.Description == it.Description);
            return Make(it, first, rejected[..index], [$"Nothing small survives the next loss, too: {rejected[index].Counterexample}. Once a node is back, kubectl rollout restart spreads the pods again."]);
        }

        var nearest = rejected.Skip(1).OrderBy(static it => it.Down).ThenBy(static it => it.Cost.Pods).FirstOrDefault() ?? now.Failure;
        throw ChaosErrors.FixNotFound(workload, goals, rejected.Count - 1, nearest, Obstacle(workload, goals, now, cancellationToken));

        ResilienceFix Make(FixCandidate candidate, FixProof proof, List<RejectedChange> cheaper, string[] notes)
        {
            notes = [.. notes, .. FixNotes.Of(workload, candidate, _snapshot)];
            _snapshot = candidate.Change.Apply(_snapshot, _options.Simulation, cancellationToken);
            return new ResilienceFix
            {
                Kind = kind,
                Namespace = @namespace,
                Name = name,
                Cluster = _snapshot.Cluster,
                Workload = workload,
                Change = candidate.Change,
                Survives = goals,
                Steps = candidate.Steps,
                Cost = candidate.Cost,
                DownBefore = now.Down,
                DownAfter = proof.Down,
                DegradedAfter = proof.Degraded,
                Simulations = proof.Simulations,
                Rejected = cheaper,
                Notes = notes,
            };
        }
    }

    /// <param name="prover">Tries changes.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="now">What is against no change.</param>
    /// <param name="rejected">Gets those that fail.</param>
    /// <param name="once">Gets those that stand a first loss and fail in a second; null where a second one does not matter.</param>
    /// <param name="most">So many are tried.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private (FixCandidate Candidate, FixProof Proof)? Search(
        FixProver prover, Workload workload, FixProof now, List<RejectedChange> rejected, List<FixCandidate>? once, int most, CancellationToken cancellationToken)
    {
        var steps = FixSteps.Of(workload, prover.Snapshot, _bearable > TimeSpan.Zero);
        PriorityQueue<FixCandidate, (int, int, int, int)> open = new();
        HashSet<string> known = [];
        Extend(FixCandidate.None(workload), now);
        for (var tried = 0; tried < most && open.TryDequeue(out var candidate, out _); tried++)
        {
            var proof = prover.Prove(candidate, again: once is not null, cancellationToken);
            if (proof.Failure is null) return (candidate, proof);
            rejected.Add(proof.Failure);
            if (proof.FailsAgain) once!.Add(candidate);
            if (once is [_]) most = Math.Min(most, tried + MostTriedAgain);
            Extend(candidate, proof);
        }

        return null;

        void Extend(FixCandidate candidate, FixProof proof)
        {
            foreach (var step in steps)
            {
                if (!FixSteps.Helps(step.Dimension, proof.FailedGoal) || candidate.With(step) is not { } next || !known.Add(next.Description)) continue;
                var (pods, count, rank) = next.Order;
                open.Enqueue(next, (pods, count, rank, known.Count));
            }
        }
    }

    /// <summary>What it would take, where nothing small helps; null where that is not known.</summary>
    private string? Obstacle(Workload workload, IReadOnlyList<ResilienceGoal> goals, FixProof now, CancellationToken cancellationToken)
    {
        if (FixSteps.AutoscalerOf(workload, _snapshot) is { } autoscaler) return $"HorizontalPodAutoscaler {autoscaler.Name} says how many replicas there are: raise its minReplicas.";
        if (workload.IsRecreate && goals.Contains(ResilienceGoal.Rollout)) return "Its strategy is Recreate: no version can roll out without an outage. Use RollingUpdate where its pods can run beside each other.";
        if (FixNotes.DiskOf(workload, _snapshot) is { } disk) return $"Its volume {disk} is with one node at a time (ReadWriteOnce), and so are its pods: use a volume that many nodes can mount, or an application that copies its data.";
        var nodes = _snapshot.Nodes.Where(static node => node.Ready).ToArray();
        if (nodes.Length == 0) return "No node is ready.";
        if (goals.Contains(ResilienceGoal.ZoneLoss) && nodes.Select(static node => node.Zone).Distinct().Count() < 2) return "All nodes are in one zone: it takes nodes in another.";

        // Nodes like those that its pods are on.
        const string Pool = "more";
        var home = _snapshot.Pods.Where(pod => pod.Namespace == workload.Namespace && workload.Selector.Matches(pod.Labels)).Select(pod => Array.Find(nodes, node => node.Name == pod.NodeName))
            .FirstOrDefault(static node => node is not null) ?? nodes[0];
        var snapshot = _snapshot with { Nodes = [.. _snapshot.Nodes.Select(static node => node.NodePoolName is null ? node with { NodePoolName = Pool } : node)] };
        var pool = home.NodePoolName ?? Pool;
        var size = snapshot.Nodes.Count(node => node.NodePoolName == pool);
        for (var more = 1; more <= MostNodes; more++)
        {
            var larger = new ClusterOverlay { PoolSizes = new Dictionary<string, int> { [pool] = size + more } }.Apply(snapshot, _options.Simulation, cancellationToken);
            if (Search(new FixProver(larger, _options, goals, _bearable), workload, now, [], once: null, MostTried / 4, cancellationToken) is not var (candidate, _)) continue;
            return string.Create(CultureInfo.InvariantCulture, $"It takes {RiskScene.Count(more, "node")} more{(home.NodePoolName is null ? "" : $" in pool {pool}")}; then this is enough: {candidate.Description}.");
        }

        return null;
    }
}
