using ChaosPS.Clusters;
using ChaosPS.Simulation;

namespace ChaosPS.Resilience;

/// <summary>Rolls changes out in simulations, many times, and lets everything happen that is to be survived, each time that the pods are in other places.</summary>
/// <remarks>
/// Losses come again: what was lost returns, the pods stay where they were made anew, and the next loss must be survived from there, too. Otherwise two replicas
/// that share a node from the first loss on would count as a fix.
/// </remarks>
/// <param name="snapshot">The cluster.</param>
/// <param name="options">Its times and rates; its seed is what all chance comes from.</param>
/// <param name="goals">What is to be survived.</param>
/// <param name="bearable">How long an outage is borne.</param>
internal sealed class FixProver(ClusterSnapshot snapshot, PredictionOptions options, IReadOnlyList<ResilienceGoal> goals, TimeSpan bearable)
{
    /// <summary>Where the scheduler has a choice, one rollout says little.</summary>
    private const int Rollouts = 12;

    /// <summary>So many times each loss is followed by a return, since the scheduler may choose otherwise the next time.</summary>
    private const int Draws = 3;

    /// <summary>So many times all losses of a candidate together.</summary>
    private const int MostReturns = 24;

    private const string Next = " next";

    private readonly Dictionary<(ResilienceGoal Goal, string Loss), int> _pendingNow = [];

    /// <summary>The nodes and pods that it is about.</summary>
    public ClusterSnapshot Snapshot => snapshot;

    /// <summary>Tries a candidate.</summary>
    /// <param name="candidate">The change.</param>
    /// <param name="again">Whether a second loss must be survived, too.</param>
    /// <param name="stop">Ends it.</param>
    public FixProof Prove(FixCandidate candidate, bool again, CancellationToken stop)
    {
        var check = new Check(this, candidate, again, stop);
        if (candidate.IsEmpty)
        {
            check.Look(snapshot, "", isNow: true);
            return check.Proof;
        }

        for (var run = 0; run < Rollouts && !check.HasFailed; run++)
        {
            var simulation = options.Simulation with { Seed = NodeLossStudy.Mix(options.Simulation.Seed + run) };
            var (after, hitch) = candidate.Change.Try(snapshot, simulation, stop);
            check.Count();
            if (hitch is not null) check.Fail(null, $"it does not roll out: {hitch}", default);
            else check.Look(after, "");
            if (check.HasFailed) break;

            // What holds now must hold after the next version, too.
            var workload = candidate.Overlay.Apply(candidate.Workload);
            workload = workload with { PodSpec = workload.PodSpec with { TemplateMark = workload.PodSpec.TemplateMark + Next } };
            (after, hitch) = ClusterOverlay.RollOut(after, [workload], simulation, stop);
            check.Count();
            if (hitch is not null) check.Fail(null, $"the next version does not roll out: {hitch}", default);
            else check.Look(after, ", after the next version");
        }

        return check.Proof;
    }

    private sealed class Check(FixProver prover, FixCandidate candidate, bool again, CancellationToken stop)
    {
        private readonly HashSet<string> _seen = [];
        private readonly HashSet<(ResilienceGoal, string)> _lost = [];
        private int _returns;
        private bool _failsAgain;
        private RejectedChange? _failure;
        private ResilienceGoal? _goal;
        private TimeSpan _down;
        private TimeSpan _degraded;
        private int _simulations;

        public bool HasFailed => _failure is not null;

        public FixProof Proof => new(_failure, _goal) { FailsAgain = _failsAgain, Down = _down, Degraded = _degraded, Simulations = _simulations };

        public void Count() => _simulations++;

        public void Fail(ResilienceGoal? goal, string counterexample, TimeSpan down)
        {
            _failure ??= new RejectedChange(candidate.Description, candidate.Cost, goal ?? ResilienceGoal.Rollout, counterexample, down);
            _goal = goal;
        }

        /// <summary>Lets everything happen to a cluster, unless the pods have been where they are before.</summary>
        public void Look(ClusterSnapshot after, string when, bool isNow = false)
        {
            var trial = new ResilienceTrial(after, prover.Options);
            if (trial.Find(candidate.Workload.Kind, candidate.Workload.Namespace, candidate.Workload.Name) is not { } family)
            {
                Fail(ResilienceGoal.NodeLoss, "it has no pods", default);
                return;
            }

            if (!_seen.Add(PlacesOf(family))) return;
            foreach (var goal in prover.Goals)
            {
                if (HasFailed) break;
                if (goal == ResilienceGoal.Rollout) RollOut(trial, family, when);
                else if (goal == ResilienceGoal.Drain) Drain(trial, family, when);
                else Lose(trial, family, goal, when, isNow);
            }

            _simulations += trial.Simulations;
        }

        private static string PlacesOf(Family family) => string.Join(',', family.Pods.Select(static pod => pod.NodeName).Order(StringComparer.Ordinal));

        private void Lose(ResilienceTrial trial, Family family, ResilienceGoal goal, string when, bool isNow)
        {
            var alive = trial.Snapshot.Nodes.Where(static node => node.Ready);
            var all = goal == ResilienceGoal.NodeLoss ? NodeLoss.OfEach(alive) : NodeLoss.OfGroups(alive, NodeLossKind.Zone);
            if (goal == ResilienceGoal.ZoneLoss && all.Count < 2)
            {
                Fail(goal, all.Count == 0 ? "the nodes have no zones" : $"all nodes are in zone {all[0].Name}", prover.Options.Horizon);
                return;
            }

            var losses = Try(trial, family, goal, all, when, isNow);
            if (!again) return;
            foreach (var loss in Enumerable.Repeat(losses, Draws).SelectMany(static it => it))
            {
                if (HasFailed || _returns++ >= MostReturns) return;
                var returned = new ResilienceTrial(trial.LoseAndReturn(family, loss, _returns, stop), prover.Options);
                if (returned.Find(family.Kind, family.Namespace, family.Name) is { } moved)
                    Try(returned, moved, goal, all, $"{when}{(when.Length == 0 ? ", after" : " and")} the loss of {What(goal)}{loss.Name} and its return", isNow);
                _simulations += returned.Simulations;
                _failsAgain = HasFailed;
            }
        }

        /// <summary>Lets each loss happen that pods of a family are in, unless they have been in the same places before.</summary>
        /// <returns>These losses.</returns>
        private NodeLoss[] Try(ResilienceTrial trial, Family family, ResilienceGoal goal, IReadOnlyList<NodeLoss> all, string when, bool isNow)
        {
            if (!_lost.Add((goal, PlacesOf(family)))) return [];
            var nodes = family.Pods.Select(static pod => pod.NodeName).OfType<string>().ToHashSet();
            NodeLoss[] losses = [.. all.Where(loss => loss.Nodes.Any(nodes.Contains))];
            var predictions = trial.Lose(losses, stop).Where(it => it.Kind == family.Kind && it.Namespace == family.Namespace && it.Name == family.Name).ToArray();
            foreach (var it in predictions)
            {
                Note(it.Down.Worst, it.Degraded.Worst);
                if (isNow) prover._pendingNow[(goal, it.Loss.Name)] = it.Pending;
            }

            if (predictions.MaxBy(static it => it.Down.Worst) is { } worst && worst.Down.Worst > prover.Bearable)
            {
                Fail(goal, $"loss of {What(goal)}{worst.Loss.Name}{when}: {DownText(worst.Down)}", worst.Down.Worst);
                return losses;
            }

            // Where room is short, waiting is nobody's fault. A rule that makes pods wait is no improvement.
            if (predictions.FirstOrDefault(it => PlacementRisks.IsRule(it.PendingReason) && it.Pending > prover._pendingNow.GetValueOrDefault((goal, it.Loss.Name))) is { } waiting)
                Fail(goal, $"loss of {What(goal)}{waiting.Loss.Name}{when}: {RiskScene.Count(waiting.Pending, "pod")} without a node to the end: {waiting.PendingReason}", waiting.Down.Worst);
            return losses;
        }

        private static string What(ResilienceGoal goal) => goal == ResilienceGoal.ZoneLoss ? "zone " : "";

        private void RollOut(ResilienceTrial trial, Family family, string when)
        {
            var outcome = trial.RollOut(family, family.Workload!, stop);
            var down = outcome.Unanswered > outcome.Down.Worst ? outcome.Unanswered : outcome.Down.Worst;
            Note(down, default);
            if (!outcome.Ends) Fail(ResilienceGoal.Rollout, $"rollout{when} does not end: {outcome.PendingReason ?? "its pods do not become ready"}", down);
            else if (outcome.Down.Worst > prover.Bearable) Fail(ResilienceGoal.Rollout, $"rollout{when}: {DownText(outcome.Down)}", down);
            else if (down > prover.Bearable) Fail(ResilienceGoal.Rollout, $"rollout{when}: all calls fail for {Seconds(down)} s, since new pods get them before they answer", down);
        }

        private void Drain(ResilienceTrial trial, Family family, string when)
        {
            foreach (var node in family.Pods.Select(static pod => pod.NodeName).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            {
                foreach (var (other, outcome) in trial.Drain(node, stop))
                {
                    if (other != family) continue;
                    Note(outcome.Down.Worst, outcome.Degraded.Worst);
                    if (outcome.Refusal is not null) Fail(ResilienceGoal.Drain, $"drain of {node}{when} does not end: {outcome.Refusal}", outcome.Down.Worst);
                    else if (outcome.Down.Worst > prover.Bearable) Fail(ResilienceGoal.Drain, $"drain of {node}{when}: {DownText(outcome.Down)}", outcome.Down.Worst);
                }
            }
        }

        private void Note(TimeSpan down, TimeSpan degraded)
        {
            if (down > _down) _down = down;
            if (degraded > _degraded) _degraded = degraded;
        }

        private string DownText(DurationInterval down) => down.Worst >= prover.Options.Horizon ? $"down for more than {Seconds(prover.Options.Horizon)} s" : $"down for {down} s";

        private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private PredictionOptions Options => options;

    private IReadOnlyList<ResilienceGoal> Goals => goals;

    private TimeSpan Bearable => bearable;
}
