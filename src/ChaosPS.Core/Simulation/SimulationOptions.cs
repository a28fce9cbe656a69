using System.Globalization;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation;

/// <summary>The seed and every time and rate of a simulated cluster. The defaults are Kubernetes 1.32's on AKS.</summary>
/// <remarks>
/// Sources: the defaults of kube-controller-manager, kubelet and kube-scheduler 1.32, of cloud-provider-azure, and a recording of a
/// real 1.32.13 control plane for what no page says (latencies, starting and ending of pods).
/// </remarks>
public sealed record SimulationOptions
{
    internal const long UsualTolerationSeconds = 300;

    private const int DefaultMinor = 32;

    /// <summary>
    /// Kubernetes' defaults of a version, such as <c>v1.31.4</c>: until 1.31 a silent node is given 40 s instead of 50, and from 1.36 on the scheduler
    /// judges balance, and words a taint that is in the way, in another way. A text that is no version counts as 1.32.
    /// </summary>
    public static SimulationOptions For(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var minor = version.TrimStart('v').Split('.') is ["1", var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : DefaultMinor;
        return new SimulationOptions { KubernetesMinor = minor, NodeMonitorGracePeriod = TimeSpan.FromSeconds(minor < 32 ? 40 : 50) };
    }

    /// <summary>
    /// The same on AKS: machines that are off are found out and put out of service, and from 1.33 on the scheduler spreads pods that say nothing over
    /// zones only, with skew 1.
    /// </summary>
    /// <remarks>Source: the pages of AKS on resilience to the loss of zones. Which other defaults AKS changes it does not publish.</remarks>
    public static SimulationOptions ForAks(string version)
    {
        var options = For(version);
        return options with
        {
            ShutdownTaints = true,
            DefaultTopologySpread = options.KubernetesMinor >= 33 ? [("topology.kubernetes.io/zone", 1)] : options.DefaultTopologySpread,
        };
    }

    /// <summary>The second number of Kubernetes' version: 32 for 1.32.</summary>
    public int KubernetesMinor { get; init; } = DefaultMinor;

    /// <summary>How the scheduler spreads pods that declare no rule, as far as it can: node labels and the skew that it bears.</summary>
    public IReadOnlyList<(string TopologyKey, int MaxSkew)> DefaultTopologySpread { get; init; } = [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)];

    /// <summary>What all chance comes from: one seed and the same calls at the same times give the same history.</summary>
    public int Seed { get; init; }

    /// <summary>Between two renewals of a node's lease: a quarter of the 40 s that a lease lasts.</summary>
    public TimeSpan LeaseRenewInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two reports of an unchanged node status.</summary>
    public TimeSpan NodeStatusReportInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between the end of one look at all nodes and the next (<c>--node-monitor-period</c>).</summary>
    public TimeSpan NodeMonitorPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the start of the simulation to the first such look; null leaves it to chance.</summary>
    public TimeSpan? NodeMonitorPhase { get; init; }

    /// <summary>How long one look takes. It must not be zero: the real period is a little over 5 s, so the look 50 s after a heartbeat finds it too old.</summary>
    public TimeSpan NodeMonitorOverhead { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>A node that gave no sign of life for longer is Unknown (<c>--node-monitor-grace-period</c>; 40 s before 1.32).</summary>
    public TimeSpan NodeMonitorGracePeriod { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Nodes of a zone that may get the NoExecute taint in a second (<c>--node-eviction-rate</c>).</summary>
    public double NodeEvictionRate { get; init; } = 0.1;

    /// <summary>The same in a large zone that is partly disrupted (<c>--secondary-node-eviction-rate</c>).</summary>
    public double SecondaryNodeEvictionRate { get; init; } = 0.01;

    /// <summary>Share of nodes not ready, more than two of them, from which a zone is partly disrupted (<c>--unhealthy-zone-threshold</c>).</summary>
    public double UnhealthyZoneThreshold { get; init; } = 0.55;

    /// <summary>Up to so many nodes, a partly disrupted zone evicts nothing (<c>--large-cluster-size-threshold</c>).</summary>
    public int LargeClusterSizeThreshold { get; init; } = 50;

    /// <summary>How often the queue for the NoExecute taint is tried.</summary>
    public TimeSpan TaintRetryInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The toleration of not-ready and unreachable that admission gives to pods without one, seconds.</summary>
    public long DefaultTolerationSeconds { get; init; } = UsualTolerationSeconds;

    /// <summary>Between two runs of the pod garbage collector.</summary>
    public TimeSpan PodGarbageCollectionPeriod { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the start of the simulation to the first such run; null leaves it to chance.</summary>
    public TimeSpan? PodGarbageCollectionPhase { get; init; }

    /// <summary>How long a node must be gone before its pods are collected.</summary>
    public TimeSpan OrphanQuarantine { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Between two looks of the cloud's node controller at nodes that are not ready.</summary>
    public TimeSpan CloudNodeMonitorPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether nodes whose machines are off are put out of service, as AKS does once it has noticed: their pods are then deleted and replaced
    /// without waiting for tolerations or kubelets. False is what Kubernetes does by itself.
    /// </summary>
    public bool ShutdownTaints { get; init; }

    /// <summary>Whether AKS repairs nodes that stay unhealthy: reboots, installs anew, moves. It races with an experiment that stops a machine for long.</summary>
    public bool AutoRepair { get; init; }

    /// <summary>How long the cloud provider trusts its list of machines: it notices that one is off up to this much later.</summary>
    public TimeSpan InstanceCacheLifetime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>From the start of the simulation to the next reading of that list; null leaves it to chance.</summary>
    public TimeSpan? InstanceCachePhase { get; init; }

    /// <summary>From a change of an object to the controller's reaction.</summary>
    public DurationRange ControllerLatency { get; init; } = DurationRange.FromMilliseconds(3, 20);

    /// <summary>One attempt to find a node for a pod, and binding it.</summary>
    public DurationRange SchedulingLatency { get; init; } = DurationRange.FromMilliseconds(3, 15);

    /// <summary>The first pause after a pod did not fit; it doubles with each attempt.</summary>
    public TimeSpan PodInitialBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause.</summary>
    public TimeSpan PodMaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A pod that does not fit is tried again after this time even if nothing happened.</summary>
    public TimeSpan UnschedulableRetryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From binding a pod to its containers running.</summary>
    public DurationRange ContainerStart { get; init; } = DurationRange.FromSeconds(1.9, 2.9);

    /// <summary>From containers running to the report that they are ready, with a readiness probe or without.</summary>
    public DurationRange ContainerReadiness { get; init; } = DurationRange.FromSeconds(0.9, 1.2);

    /// <summary>
    /// From containers running to the application answering. A readiness probe waits for it; without one, calls fail meanwhile. No API tells it, so usually
    /// nothing is assumed.
    /// </summary>
    public DurationRange ApplicationStart { get; init; } = DurationRange.FromSeconds(0, 0);

    /// <summary>From the termination signal to the exit of well-behaved containers; the pod's grace period cuts it.</summary>
    public DurationRange ContainerTermination { get; init; } = DurationRange.FromSeconds(1, 2);

    /// <summary>How long Azure takes to attach a disk to a machine.</summary>
    public DurationRange VolumeAttach { get; init; } = DurationRange.FromSeconds(5, 15);

    /// <summary>How long Azure takes to detach one.</summary>
    public DurationRange VolumeDetach { get; init; } = DurationRange.FromSeconds(5, 15);

    /// <summary>How long the disk of a dead node waits for its kubelet after nothing needs it any more.</summary>
    public TimeSpan VolumeForceDetach { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>How long containers run that are to end by themselves (restart policies Never and OnFailure), unless their pod says it.</summary>
    public DurationRange RunToCompletion { get; init; } = DurationRange.FromSeconds(20, 40);

    /// <summary>The first pause before a container that has ended is started again; it doubles each time.</summary>
    public TimeSpan RestartBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest such pause.</summary>
    public TimeSpan RestartMaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>From the kubelet's start on a returning node to its first report that the node is ready.</summary>
    public DurationRange KubeletBoot { get; init; } = DurationRange.FromSeconds(4, 6);

    /// <summary>From making the node's object, should there be none, to reporting it ready.</summary>
    public DurationRange KubeletRegistration { get; init; } = DurationRange.FromMilliseconds(30, 60);

    /// <summary>How long Azure takes to power a machine off.</summary>
    public DurationRange PowerOff { get; init; } = DurationRange.FromSeconds(10, 14);

    /// <summary>The same without shutting the guest down first.</summary>
    public DurationRange PowerOffSkippingShutdown { get; init; } = DurationRange.FromSeconds(4, 7);

    /// <summary>How long Azure takes to deallocate a machine.</summary>
    public DurationRange Deallocate { get; init; } = DurationRange.FromSeconds(25, 40);

    /// <summary>How long Azure takes to start a machine.</summary>
    public DurationRange Start { get; init; } = DurationRange.FromSeconds(20, 30);

    /// <summary>How long Azure takes to restart a machine.</summary>
    public DurationRange Restart { get; init; } = DurationRange.FromSeconds(25, 35);

    /// <summary>How long Azure takes to reimage or redeploy a machine.</summary>
    public DurationRange Replace { get; init; } = DurationRange.FromSeconds(60, 90);

    /// <summary>How long Azure takes to delete a machine.</summary>
    public DurationRange Delete { get; init; } = DurationRange.FromSeconds(20, 30);

    /// <summary>From a change of the ready endpoints to proxies and ingress controllers that act on it (kube-proxy gathers for 1 s).</summary>
    public DurationRange ProxySync { get; init; } = DurationRange.FromSeconds(1, 2);

    /// <summary>Between two health probes of the load balancer.</summary>
    public TimeSpan LoadBalancerProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many probes must fail in a row before the load balancer leaves a node out; one success takes it in again.</summary>
    public int LoadBalancerProbeThreshold { get; init; } = 2;

    /// <summary>How long an answer of the application takes.</summary>
    public DurationRange RequestLatency { get; init; } = DurationRange.FromMilliseconds(4, 40);

    /// <summary>How long a Deployment may make no progress before it says so.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Replica sets of old templates that a Deployment keeps.</summary>
    public int RevisionHistoryLimit { get; init; } = 10;

    /// <summary>Which pods are ingress controllers: the load balancer sends to the nodes where one runs.</summary>
    public LabelSelector IngressControllers { get; init; } = LabelSelector.FromLabels(
        [new("app.kubernetes.io/name", "ingress-nginx"), new("app.kubernetes.io/component", "controller")]);
}
