using ChaosPS.Clusters;

namespace ChaosPS.Snapshots;

/// <summary>What a snapshot holds: the kinds, and of each kind the fields that scheduling, the controllers and the traffic go by.</summary>
/// <remarks>
/// All else stays in the cluster by construction: Secrets and ConfigMaps, environment, commands and arguments, paths and headers of probes,
/// volumes other than claims, annotations but a few of Kubernetes' own, messages of conditions. Field names:
/// https://kubernetes.io/docs/reference/kubernetes-api/ .
/// </remarks>
internal static class SnapshotKinds
{
    private const string Selector = "matchLabels(*),matchExpressions(key,operator,values)";
    private const string NodeTerm = "matchExpressions(key,operator,values),matchFields(key,operator,values)";

    private const string PodTerm =
        $"labelSelector({Selector}),topologyKey,namespaces,namespaceSelector({Selector}),matchLabelKeys,mismatchLabelKeys";

    private const string PodAffinity =
        $"requiredDuringSchedulingIgnoredDuringExecution({PodTerm}),preferredDuringSchedulingIgnoredDuringExecution(weight,podAffinityTerm({PodTerm}))";

    private const string NodeAffinity =
        $"requiredDuringSchedulingIgnoredDuringExecution(nodeSelectorTerms({NodeTerm})),preferredDuringSchedulingIgnoredDuringExecution(weight,preference({NodeTerm}))";

    private const string Probe = "initialDelaySeconds,periodSeconds,timeoutSeconds,successThreshold,failureThreshold";

    private const string Container =
        "name,image,restartPolicy,ports(name,containerPort,hostPort,protocol),resources(requests(*),limits(*)),"
        + $"readinessProbe({Probe}),livenessProbe({Probe}),startupProbe({Probe})";

    private const string PodSpec =
        "nodeName,nodeSelector(*),priority,priorityClassName,preemptionPolicy,terminationGracePeriodSeconds,restartPolicy,schedulerName,hostNetwork,"
        + "overhead(*),schedulingGates(name),tolerations(key,operator,value,effect,tolerationSeconds),"
        + $"affinity(nodeAffinity({NodeAffinity}),podAffinity({PodAffinity}),podAntiAffinity({PodAffinity})),"
        + $"topologySpreadConstraints(maxSkew,topologyKey,whenUnsatisfiable,minDomains,nodeTaintsPolicy,nodeAffinityPolicy,matchLabelKeys,labelSelector({Selector})),"
        + $"containers({Container}),initContainers({Container}),volumes(name,persistentVolumeClaim(claimName),emptyDir())";

    private const string Run = $"{KubernetesReader.RunSecondsAnnotation},{KubernetesReader.ExitCodeAnnotation}";
    private const string Template = $"template(metadata(annotations({Run}),labels(*)),spec({PodSpec}))";
    private const string Terminated = "terminated(exitCode,reason,startedAt,finishedAt)";

    private const string ContainerStatus =
        $"name,ready,started,restartCount,state(running(startedAt),waiting(reason),{Terminated}),lastState({Terminated})";

    private const string Condition = "type,status,reason,lastTransitionTime";
    private const string LoadBalancer = "loadBalancer(ingress(ip,hostname,ipMode))";
    private const string Backend = "service(name,port(name,number))";
    private const string Claim = "accessModes,storageClassName,volumeMode,volumeName,resources(requests(*))";
    private const string Metric = "averageUtilization,averageValue,type,value";
    private const string ScalingRules = "stabilizationWindowSeconds,selectPolicy,policies(type,value,periodSeconds)";
    private const string Revision = "deployment.kubernetes.io/revision";

    /// <summary>The kinds without which a snapshot says nothing.</summary>
    private static readonly string[] s_needed = ["Node", "Pod"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SnapshotKind> All { get; } =
    [
        Kind("storage.k8s.io", "v1", "CSINode", "csinodes", false, "spec(drivers(name,nodeID,topologyKeys,allocatable(count)))"),
        Kind("apps", "v1", "DaemonSet", "daemonsets", true,
            $"spec(minReadySeconds,selector({Selector}),updateStrategy(type,rollingUpdate(maxSurge,maxUnavailable)),{Template}),"
            + "status(currentNumberScheduled,desiredNumberScheduled,numberAvailable,numberMisscheduled,numberReady,numberUnavailable,observedGeneration,updatedNumberScheduled)",
            "deprecated.daemonset.template.generation"),
        Kind("apps", "v1", "Deployment", "deployments", true,
            "spec(replicas,minReadySeconds,paused,progressDeadlineSeconds,revisionHistoryLimit,"
            + $"selector({Selector}),strategy(type,rollingUpdate(maxSurge,maxUnavailable)),{Template}),"
            + $"status(observedGeneration,replicas,updatedReplicas,readyReplicas,availableReplicas,unavailableReplicas,conditions({Condition},lastUpdateTime))",
            Revision),
        Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true,
            $"spec(minReplicas,maxReplicas,scaleTargetRef(apiVersion,kind,name),metrics(type,resource(name,target({Metric})),containerResource(name,container,target({Metric}))),"
            + $"behavior(scaleUp({ScalingRules}),scaleDown({ScalingRules}))),"
            + $"status(currentReplicas,desiredReplicas,lastScaleTime,observedGeneration,currentMetrics(type,resource(name,current({Metric}))),conditions({Condition}))"),
        Kind("networking.k8s.io", "v1", "Ingress", "ingresses", true,
            $"spec(ingressClassName,defaultBackend({Backend}),rules(host,http(paths(path,pathType,backend({Backend})))),tls(hosts)),status({LoadBalancer})"),
        Kind("batch", "v1", "Job", "jobs", true,
            $"spec(parallelism,completions,completionMode,backoffLimit,suspend,activeDeadlineSeconds,ttlSecondsAfterFinished,selector({Selector}),{Template}),"
            + $"status(active,ready,succeeded,failed,startTime,completionTime,conditions({Condition}))"),
        Kind("coordination.k8s.io", "v1", "Lease", "leases", true, "spec(holderIdentity,leaseDurationSeconds,renewTime)") with { Namespace = "kube-node-lease" },
        Kind("", "v1", "Namespace", "namespaces", false, "status(phase)"),
        Kind("", "v1", "Node", "nodes", false,
            "spec(podCIDR,podCIDRs,providerID,unschedulable,taints(key,value,effect,timeAdded)),"
            + $"status(capacity(*),allocatable(*),addresses(type,address),conditions({Condition},lastHeartbeatTime),"
            + "nodeInfo(architecture,containerRuntimeVersion,kernelVersion,kubeletVersion,operatingSystem,osImage))"),
        Kind("", "v1", "PersistentVolume", "persistentvolumes", false,
            "spec(accessModes,capacity(*),claimRef(name,namespace,uid),csi(driver),persistentVolumeReclaimPolicy,storageClassName,volumeMode,"
            + $"nodeAffinity(required(nodeSelectorTerms({NodeTerm})))),status(phase)"),
        Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, $"spec({Claim}),status(accessModes,capacity(*),phase)"),
        Kind("", "v1", "Pod", "pods", true,
            $"spec({PodSpec}),status(phase,reason,hostIP,podIP,podIPs(ip),startTime,nominatedNodeName,qosClass,conditions({Condition}),"
            + $"containerStatuses({ContainerStatus}),initContainerStatuses({ContainerStatus}))",
            $"{Run},controller.kubernetes.io/pod-deletion-cost,cluster-autoscaler.kubernetes.io/safe-to-evict,kubernetes.io/config.mirror"),
        Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true,
            $"spec(minAvailable,maxUnavailable,selector({Selector}),unhealthyPodEvictionPolicy),"
            + $"status(currentHealthy,desiredHealthy,disruptionsAllowed,expectedPods,observedGeneration,conditions({Condition}))"),
        Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false, "value,globalDefault,preemptionPolicy"),
        Kind("apps", "v1", "ReplicaSet", "replicasets", true,
            $"spec(replicas,minReadySeconds,selector({Selector}),{Template}),"
            + "status(availableReplicas,fullyLabeledReplicas,observedGeneration,readyReplicas,replicas)",
            $"{Revision},deployment.kubernetes.io/desired-replicas,deployment.kubernetes.io/max-replicas"),
        Kind("", "v1", "Service", "services", true,
            "spec(type,clusterIP,clusterIPs,ports(name,protocol,port,targetPort,nodePort),selector(*),sessionAffinity,externalTrafficPolicy,internalTrafficPolicy,"
            + $"healthCheckNodePort,ipFamilies,ipFamilyPolicy,allocateLoadBalancerNodePorts,publishNotReadyAddresses),status({LoadBalancer})"),
        Kind("apps", "v1", "StatefulSet", "statefulsets", true,
            "spec(replicas,serviceName,podManagementPolicy,minReadySeconds,revisionHistoryLimit,ordinals(start),persistentVolumeClaimRetentionPolicy(whenDeleted,whenScaled),"
            + $"selector({Selector}),updateStrategy(type,rollingUpdate(maxUnavailable,partition)),{Template},"
            + $"volumeClaimTemplates(metadata(name,labels(*)),spec({Claim}))),"
            + "status(availableReplicas,currentReplicas,currentRevision,observedGeneration,readyReplicas,replicas,updateRevision,updatedReplicas)"),
        Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", false,
            "provisioner,reclaimPolicy,volumeBindingMode,allowVolumeExpansion,allowedTopologies(matchLabelExpressions(key,values))"),
        Kind("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", false, "spec(attacher,nodeName,source(persistentVolumeName)),status(attached)"),
    ];

    private static SnapshotKind Kind(string group, string version, string kind, string plural, bool namespaced, string fields, string annotations = "")
    {
        var metadata = "metadata(name,namespace,uid,creationTimestamp,deletionTimestamp,deletionGracePeriodSeconds,generation,labels(*),"
            + $"ownerReferences(apiVersion,kind,name,uid,controller){(annotations.Length == 0 ? "" : $",annotations({annotations})")})";
        return new SnapshotKind(new ApiResource(group, version, kind, plural, namespaced), FieldFilter.Parse($"{metadata},{fields}"), s_needed.Contains(kind));
    }
}

/// <summary>A kind that a snapshot holds.</summary>
/// <param name="Resource">Where the API has it.</param>
/// <param name="Fields">Which fields are kept.</param>
/// <param name="Needed">Whether a snapshot without it is none.</param>
internal sealed record SnapshotKind(ApiResource Resource, FieldFilter Fields, bool Needed)
{
    /// <summary>The one namespace whose objects are kept; null for all.</summary>
    public string? Namespace { get; init; }
}
