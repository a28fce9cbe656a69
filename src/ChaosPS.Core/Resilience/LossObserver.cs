using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Watches some families of pods, and the paths to them, through one run of a simulation.</summary>
/// <remarks>Between two events nothing changes, so it looks once after each.</remarks>
internal sealed class LossObserver
{
    private const string ByReturn = "the node's return, the deletion of its object, or the taint out-of-service";

    private readonly ClusterSimulation _simulation;
    private readonly int _otherEntries;
    private readonly Watched[] _families;
    private readonly WatchedPath[] _paths;
    private readonly bool _keepsCourse;
    private DateTimeOffset _start;

    /// <param name="simulation">The run.</param>
    /// <param name="families">The families to watch.</param>
    /// <param name="paths">The paths to watch.</param>
    /// <param name="otherEntries">How many nodes with ingress controllers the simulation does not have.</param>
    /// <param name="keepsCourse">Whether not only sums are wanted, but also what was when.</param>
    public LossObserver(ClusterSimulation simulation, IReadOnlyList<Family> families, IReadOnlyList<IngressPath> paths, int otherEntries, bool keepsCourse = false)
    {
        _keepsCourse = keepsCourse;
        _simulation = simulation;
        _otherEntries = otherEntries;
        _families = [.. families.Select(family => new Watched(family, PodsOf(simulation, family),
            [.. family.Services.Select(service => simulation.FindService(service.Namespace, service.Name)).OfType<SimulatedService>()]))];
        _paths = [.. paths.Select(path => new WatchedPath(simulation.FindService(path.Namespace, path.ServiceName)))];
        foreach (var family in _families) family.Wanted = CountReady(family);
    }

    /// <summary>Takes the nodes away and looks on until all is well again, or for as long as the horizon is.</summary>
    public LossRun Run(IReadOnlyList<LossAction> actions, TimeSpan horizon)
    {
        LossWork[] works = [.. actions.Select(action => action.On(_simulation))];
        return Run(works, [.. actions.SelectMany(static action => action.Nodes)], horizon);
    }

    /// <summary>Lets something happen and looks on until it is over and all is well again, or for as long as the horizon is.</summary>
    /// <param name="works">What happens, all at once.</param>
    /// <param name="lost">The nodes that are lost.</param>
    /// <param name="horizon">The longest.</param>
    public LossRun Run(LossWork[] works, IReadOnlyList<string> lost, TimeSpan horizon)
    {
        _start = _simulation.Now;
        var end = _start + horizon;
        var wake = Act(works);
        var well = Look();
        while (_simulation.Now < end && !(well && wake is null && _simulation.Now > _start))
        {
            var before = _simulation.Now;
            var next = _simulation.NextEventTime is { } due && due < end ? due : end;
            if (wake < next) next = wake.Value;
            Count(before, next);
            _simulation.AdvanceTo(next);
            if (wake <= next) wake = Act(works);
            well = Look();
        }

        var freedBy = works.Select(static work => work.FreedBy).FirstOrDefault(static text => text is not null);
        return new LossRun(
            [.. _families.Select(family => End(family, lost, freedBy) with { Ends = wake is null, Refusal = works.Select(work => work.RefusalOf(family.Family)).FirstOrDefault(static text => text is not null) })],
            [.. _paths.Select(static path => new PathRun(path.Down, path.Degraded, path.Share) { Course = path.Course })])
        {
            Drain = works.Select(static work => work.Drain).FirstOrDefault(static drain => drain is not null),
        };
    }

    private static DateTimeOffset? Act(LossWork[] works) => works.Select(static work => work.Act()).Min();

    private static Func<IEnumerable<SimulatedPod>> PodsOf(ClusterSimulation simulation, Family family)
    {
        if (family.IsBare) return () => simulation.FindPod(family.Namespace, family.Name) is { } pod ? [pod] : [];
        if (family.Kind == "ReplicaSet") return () => simulation.FindReplicaSet(family.Namespace, family.Name)?.Pods ?? [];
        if (family.Kind == "Deployment" && simulation.FindDeployment(family.Namespace, family.Name) is { } deployment)
            return () => deployment.ReplicaSets.SelectMany(static replicaSet => replicaSet.Pods);
        var workload = simulation.FindWorkload(family.Namespace, family.Kind, family.Name);
        return () => workload?.Pods ?? [];
    }

    private static int CountReady(Watched family)
    {
        var ready = 0;
        foreach (var pod in family.Pods())
        {
            if (pod is { IsAlive: true, Ready: true, Terminating: false }) ready++;
        }

        return ready;
    }

    /// <summary>Looks at everything as it is now; true when all is well.</summary>
    private bool Look()
    {
        var well = true;
        foreach (var family in _families)
        {
            family.Ready = CountReady(family);
            family.Failing = 0;
            foreach (var service in family.Services) family.Failing = Math.Max(family.Failing, _simulation.FailingShare(service, retries: false));
            well &= family.Ready >= family.Wanted && family.Failing == 0;
        }

        if (_paths.Length == 0) return well;
        var entries = _simulation.FailingEntries(_otherEntries);
        foreach (var path in _paths)
        {
            path.Failing = entries + (path.Service is { } service ? (1 - entries) * _simulation.FailingShare(service, retries: true) : 0);
            well &= path.Failing == 0;
        }

        return well;
    }

    private void Count(DateTimeOffset from, DateTimeOffset to)
    {
        var time = to - from;
        foreach (var family in _families)
        {
            if (family.Wanted == 0) continue;
            family.CountFailing(time);
            if (family.Ready == 0) family.Down += time;
            else if (family.Ready < family.Wanted) family.CountDegraded(time);
            if (_keepsCourse) family.Keep(from - _start, to - _start);
        }

        foreach (var path in _paths)
        {
            if (path.Failing >= 1) path.Down += time;
            else if (path.Failing > 0) path.CountDegraded(time);
            if (_keepsCourse) path.Keep(from - _start, to - _start);
        }
    }

    private FamilyRun End(Watched family, IReadOnlyList<string> lost, string? freedBy)
    {
        SimulatedPod[] pods = [.. family.Pods()];
        SimulatedPod[] pending = [.. pods.Where(static pod => pod is { NodeName: null, Terminating: false, IsActive: true })];
        var recovers = family.Ready >= family.Wanted;
        var keepsNames = family.Family.Kind == "StatefulSet";
        var disks = pods.SelectMany(pod => pod.Spec.Claims.Select(claim => _simulation.FindVolumeClaim(pod.Namespace, claim)))
            .Any(claim => claim is { Spec.IsDisk: true });
        var held = !recovers && (pods.Any(pod => keepsNames && pod.Terminating && lost.Contains(pod.NodeName!)) ||
            pods.Any(pod => pod is { NodeName: not null, IsAlive: false, Terminating: false } && !lost.Contains(pod.NodeName)));
        var freed = held ? ByReturn : recovers && (keepsNames || disks) ? freedBy : null;
        return new FamilyRun(
            family.Down, family.Degraded, family.Services.Length == 0 ? null : family.Share, recovers, pending.Length,
            pending.Length == 0 ? null : pending[0].FindCondition("PodScheduled")?.Message, freed)
        {
            Returns = family.Ready > 0 || family.Wanted == 0,
            Course = family.Course,
            Unanswered = family.Unanswered,
            Failed = family.Failed,
        };
    }

    private abstract class Meter
    {
        private double _failed;

        public double Failing { get; set; }

        public TimeSpan Down { get; set; }

        public TimeSpan Degraded { get; private set; }

        /// <summary>How long every call fails.</summary>
        public TimeSpan Unanswered { get; private set; }

        /// <summary>How long calls fail, each moment by the share of them: half of the calls for ten seconds are five.</summary>
        public TimeSpan Failed { get; private set; }

        public double Share => Degraded == TimeSpan.Zero ? 0 : _failed / Degraded.Ticks;

        /// <summary>Which share of calls failed when, one after the other; what is not in it went well.</summary>
        public List<FailingSpan> Course { get; } = [];

        public void CountFailing(TimeSpan time)
        {
            if (Failing >= 1) Unanswered += time;
            Failed += Failing * time;
        }

        public void CountDegraded(TimeSpan time)
        {
            Degraded += time;
            _failed += Failing * time.Ticks;
        }

        public void Keep(TimeSpan from, TimeSpan to)
        {
            if (Failing == 0 || from == to) return;
            if (Course is [.., var last] && last.To == from && last.Share == Failing) Course[^1] = last with { To = to };
            else Course.Add(new FailingSpan(from, to, Failing));
        }
    }

    private sealed class Watched(Family family, Func<IEnumerable<SimulatedPod>> pods, SimulatedService[] services) : Meter
    {
        public Family Family { get; } = family;

        public Func<IEnumerable<SimulatedPod>> Pods { get; } = pods;

        public SimulatedService[] Services { get; } = services;

        public int Wanted { get; set; }

        public int Ready { get; set; }
    }

    /// <param name="service">Where it leads; null where that is not touched, so that only the ingress controllers matter.</param>
    private sealed class WatchedPath(SimulatedService? service) : Meter
    {
        public SimulatedService? Service { get; } = service;
    }
}
