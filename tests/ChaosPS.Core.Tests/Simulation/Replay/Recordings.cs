using ChaosPS.Simulation;
using static ChaosPS.Core.Tests.Simulation.Replay.RecordedCluster;

namespace ChaosPS.Core.Tests.Simulation.Replay;

/// <summary>What a real control plane (Kubernetes 1.32.13) was recorded doing.</summary>
internal static class Recordings
{
    public static Recording DeleteAndScale { get; } = new()
    {
        File = "33-delete-pod-scale.log",
        Begin = "11:43:10.000Z",
        Placements =
        [
            ("agent-9wlg9", Node2), ("agent-nms4r", Node1), ("agent-j72ct", Node0), ("db-0", Node2), ("fastevict-76cf54df7-86p6r", Node0),
            ("contactsapi-55c7f4c99f-qw7hl", Node1), ("contactsapi-55c7f4c99f-pqhgl", Node0), ("frontend-5cbf68b884-7gsvj", Node2),
            ("frontend-5cbf68b884-s47dw", Node0), ("resources-function-764c7c7b6d-x99bt", Node0), ("resourcesapi-6ff7655799-pjsq5", Node0),
            ("search-indexer-5b8466d5c8-qtlqp", Node2), ("searchapi-956cbbbc6-r8x68", Node1), ("textanalytics-6486dcc4cf-744nc", Node0),
            ("visitreportsapi-95d865698-clm97", Node2), ("visitreportsapi-95d865698-c5j7p", Node0),
        ],
        Actions =
        [
            ("11:43:19.740Z", rig => rig.DeletePod("resourcesapi-6ff7655799-pjsq5")),
            ("11:43:27.890Z", rig => rig.Scale("resourcesapi", 0)),
            ("11:43:36.025Z", rig => rig.Scale("resourcesapi", 1)),
        ],
    };

    public static Recording RolloutRestart { get; } = DeleteAndScale with
    {
        File = "32-rollout-restart.log",
        Begin = "11:42:40.000Z",
        Seed = 3,
        Placements =
        [
            .. DeleteAndScale.Placements!.Where(it => !it.Pod.StartsWith("contactsapi", StringComparison.Ordinal)),
            ("contactsapi-5c877dc5c7-kgxm5", Node0), ("contactsapi-5c877dc5c7-sfgfv", Node2),
        ],
        Actions =
        [
            ("11:42:49.330Z", rig => rig.RestartRollout("contactsapi")),
        ],
    };

    public static Recording NodeStop { get; } = new()
    {
        File = "10-nodestop-default.log",
        Begin = "11:57:20.000Z",
        Lease = "11:57:24.878Z",
        MonitorPass = "11:58:18.850Z",
        Placements =
        [
            ("fastevict-76cf54df7-jgmsd", Node0), ("contactsapi-5c877dc5c7-7lcbl", Node0), ("search-indexer-5b8466d5c8-jmxws", Node0),
            ("visitreportsapi-95d865698-7tz66", Node0), ("frontend-5cbf68b884-d7nnj", Node0), ("bare", Node0), ("db-0", Node0),
            ("agent-jkt24", Node0), ("agent-9wlg9", Node2), ("agent-nms4r", Node1), ("contactsapi-5c877dc5c7-b4dj9", Node2),
            ("visitreportsapi-95d865698-nw26l", Node2), ("frontend-5cbf68b884-b8g2m", Node1),

            // Where these stood is not in the timeline; nothing happens to them.
            ("resourcesapi-6ff7655799-z8wbc", Node1), ("resources-function-764c7c7b6d-sdrlq", Node2), ("searchapi-956cbbbc6-fjmld", Node2),
            ("textanalytics-6486dcc4cf-744nc", Node1),
        ],
        Actions =
        [
            ("11:57:25.308Z", rig => rig.PowerOff(Node0)),
            ("12:05:15.332Z", rig => rig.PowerOn(Node0)),
        ],
    };

    public static Recording NodeDelete { get; } = new()
    {
        File = "20-fast-nodestop-then-delete-node.log",
        Begin = "11:30:31.000Z",
        Seed = 4,
        Lease = "11:30:33.741Z",
        MonitorPass = "11:30:57.900Z",
        CollectorPass = "11:32:42.870Z",
        Options = options => options with { NodeMonitorGracePeriod = TimeSpan.FromSeconds(20), DefaultTolerationSeconds = 10 },
        Placements =
        [
            ("agent-9wlg9", Node2), ("agent-nms4r", Node1), ("agent-xdbqd", Node0), ("bare", Node0), ("contactsapi-5c877dc5c7-h7r97", Node2),
            ("contactsapi-5c877dc5c7-k2phr", Node0), ("db-0", Node0), ("fastevict-76cf54df7-gq8s6", Node0), ("frontend-5cbf68b884-9pk4m", Node1),
            ("frontend-5cbf68b884-cchgw", Node0), ("resources-function-764c7c7b6d-mgjg9", Node0), ("resourcesapi-6ff7655799-z8wbc", Node1),
            ("search-indexer-5b8466d5c8-987bk", Node1), ("searchapi-956cbbbc6-fjmld", Node2), ("textanalytics-6486dcc4cf-744nc", Node1),
            ("visitreportsapi-95d865698-59jhx", Node2), ("visitreportsapi-95d865698-xz55q", Node1),
        ],
        Actions =
        [
            ("11:30:35.787Z", rig => rig.PowerOff(Node0)),
            ("11:31:51.036Z", rig => rig.DeleteNode(Node0)),
            ("11:33:06.076Z", rig => rig.PowerOn(Node0)),
        ],
    };

    public static Recording Drain { get; } = new()
    {
        File = "31-cordon-drain.log",
        Begin = "11:41:40.000Z",
        Placements =
        [
            ("agent-9wlg9", Node2), ("agent-nms4r", Node1), ("agent-j72ct", Node0), ("db-0", Node2), ("fastevict-76cf54df7-86p6r", Node0),
            ("contactsapi-5c877dc5c7-vfrc8", Node1), ("contactsapi-5c877dc5c7-sfgfv", Node2), ("frontend-5cbf68b884-c2t9s", Node1),
            ("frontend-5cbf68b884-7gsvj", Node2), ("resources-function-764c7c7b6d-9nfft", Node1), ("resourcesapi-6ff7655799-m6mpt", Node1),
            ("search-indexer-5b8466d5c8-k56sh", Node1), ("searchapi-956cbbbc6-r8x68", Node1), ("textanalytics-6486dcc4cf-744nc", Node0),
            ("visitreportsapi-95d865698-sqrqz", Node1), ("visitreportsapi-95d865698-clm97", Node2),
        ],
        Actions =
        [
            ("11:41:48.960Z", rig => rig.SetUnschedulable(Node1, true)),
            ("11:41:49.010Z", rig => rig.Evict(
                "resourcesapi-6ff7655799-m6mpt", "frontend-5cbf68b884-c2t9s", "visitreportsapi-95d865698-sqrqz",
                "resources-function-764c7c7b6d-9nfft")),
            ("11:41:49.090Z", rig => rig.Evict("search-indexer-5b8466d5c8-k56sh", "contactsapi-5c877dc5c7-vfrc8")),
            ("11:41:49.100Z", RefuseEviction), ("11:41:54.100Z", RefuseEviction), ("11:42:24.100Z", RefuseEviction),
            ("11:42:29.340Z", rig => rig.SetUnschedulable(Node1, false)),
        ],
    };

    public static Recording Deploy { get; } = new()
    {
        File = "00-deploy.log",
        Begin = "11:18:24.000Z",
        Seed = 14,
        Placements = null,

        // The recorded machine was busy with all this: its controllers took longer than in the other recordings.
        Options = options => options with
        {
            ControllerLatency = DurationRange.FromMilliseconds(30, 80),
            SchedulingLatency = DurationRange.FromMilliseconds(5, 30),
        },
        Known =
        [
            new(" node: ", "Equal nodes are drawn, and which node of a DaemonSet is served first is not fixed: no seed draws all as recorded."),
            new("event Normal Scheduled", "It names the node that was drawn."),
            new("cond.Progressing", "Two writes, 30 to 290 ms apart in the recording: whether they are within the free time is chance."),
            new("epslice visitreportsapi eps", "Its two pods were bound 100 ms apart, so they came and turned ready apart; here they do together."),
            new("visitreportsapi+rs1 readyReplicas", "For the same reason."),
            new("deploy visitreportsapi readyReplicas", "For the same reason."),
            new("after 11:18:27.376 deploy search-indexer", "The deployment controller was held up for 190 ms before this write."),
        ],

        // Each object's own first line says when it was applied, a Service's slice and a controller's pod when theirs was.
        Actions =
        [
            Apply("11:18:26.562Z", "contactsapp.yaml", "Deployment", "contactsapi"),
            Apply("11:18:26.666Z", "contactsapp.yaml", "Service", "contactsapi"),
            Apply("11:18:26.670Z", "contactsapp.yaml", "Deployment", "resourcesapi"),
            Apply("11:18:26.772Z", "contactsapp.yaml", "Service", "resourcesapi"),
            Apply("11:18:26.804Z", "contactsapp.yaml", "Deployment", "resources-function"),
            Apply("11:18:26.924Z", "contactsapp.yaml", "Service", "resources-function"),
            Apply("11:18:26.932Z", "contactsapp.yaml", "Deployment", "searchapi"),
            Apply("11:18:27.013Z", "contactsapp.yaml", "Service", "searchapi"),
            Apply("11:18:27.033Z", "contactsapp.yaml", "Deployment", "search-indexer"),
            Apply("11:18:27.247Z", "contactsapp.yaml", "Service", "search-indexer"),
            Apply("11:18:27.248Z", "contactsapp.yaml", "Deployment", "visitreportsapi"),
            Apply("11:18:27.351Z", "contactsapp.yaml", "Service", "visitreportsapi"),
            Apply("11:18:27.472Z", "contactsapp.yaml", "Deployment", "frontend"),
            Apply("11:18:27.734Z", "contactsapp.yaml", "Service", "frontend"),
            Apply("11:18:27.762Z", "contactsapp.yaml", "Deployment", "textanalytics"),
            Apply("11:18:27.831Z", "contactsapp.yaml", "Service", "textanalytics"),
            Apply("11:19:26.286Z", "extras.yaml", "PodDisruptionBudget", "contactsapi"),
            Apply("11:19:26.295Z", "extras.yaml", "PodDisruptionBudget", "searchapi"),
            Apply("11:19:26.313Z", "extras.yaml", "Pod", "bare"),
            Apply("11:19:26.356Z", "extras.yaml", "StatefulSet", "db"),
            Apply("11:19:26.366Z", "extras.yaml", "Deployment", "fastevict"),
            Apply("11:19:26.399Z", "extras.yaml", "DaemonSet", "agent"),
        ],
    };

    private static (string At, Action<IRig> Do) Apply(string at, string file, string kind, string name) => (at, rig => rig.Apply(file, kind, name));

    private static void RefuseEviction(IRig rig) => rig.RefuseEviction(
        "searchapi-956cbbbc6-r8x68", "Cannot evict pod as it would violate the pod's disruption budget.",
        "The disruption budget searchapi needs 1 healthy pods and has 1 currently");
}
