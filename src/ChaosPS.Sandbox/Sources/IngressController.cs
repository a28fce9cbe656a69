using System.Text.Json.Nodes;
using ChaosPS.Clusters;

namespace ChaosPS.Sandbox.Sources;

/// <summary>An ingress controller on every node, for clusters that publish paths and bring none of their own.</summary>
internal static class IngressController
{
    /// <summary>Its namespace.</summary>
    public const string Namespace = "ingress-nginx";

    /// <summary>The name of its DaemonSet and its Service.</summary>
    public const string Name = "ingress-nginx-controller";

    /// <summary>The address of the load balancer before it; one of those that documentation may use.</summary>
    public const string Address = "203.0.113.10";

    /// <summary>How long it takes to run on every node.</summary>
    public static readonly TimeSpan Startup = TimeSpan.FromMinutes(1);

    /// <summary>The labels by which the pods of controllers are known: ingress-nginx, AKS's application routing, Traefik, and others by their charts' names.</summary>
    public static readonly LabelSelector[] Known =
    [
        LabelSelector.FromLabels([new("app.kubernetes.io/name", "ingress-nginx"), new("app.kubernetes.io/component", "controller")]),
        LabelSelector.FromLabels([new("app.kubernetes.io/component", "ingress-controller")]),
        .. new[] { "traefik", "haproxy-ingress", "kubernetes-ingress", "kong", "contour", "nginx-ingress" }
            .Select(static name => LabelSelector.FromLabels([new("app.kubernetes.io/name", name)])),
    ];

    /// <summary>Its DaemonSet.</summary>
    public static JsonObject Manifest() => Parse($$"""
        {
          "apiVersion": "apps/v1", "kind": "DaemonSet",
          "metadata": {
            "name": "{{Name}}", "namespace": "{{Namespace}}",
            "labels": { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
            "annotations": { "deprecated.daemonset.template.generation": "1" }
          },
          "spec": {
            "selector": { "matchLabels": { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" } },
            "template": {
              "metadata": {
                "creationTimestamp": null,
                "labels": { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" }
              },
              "spec": {
                "containers": [{
                  "name": "controller",
                  "image": "registry.k8s.io/ingress-nginx/controller:v1.12.1",
                  "ports": [{ "name": "http", "containerPort": 80, "protocol": "TCP" }, { "name": "https", "containerPort": 443, "protocol": "TCP" }],
                  "resources": { "requests": { "cpu": "100m", "memory": "90Mi" } },
                  "readinessProbe": {
                    "httpGet": { "path": "/healthz", "port": 10254, "scheme": "HTTP" },
                    "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3
                  },
                  "terminationMessagePath": "/dev/termination-log",
                  "terminationMessagePolicy": "File",
                  "imagePullPolicy": "IfNotPresent"
                }],
                "restartPolicy": "Always",
                "terminationGracePeriodSeconds": 30,
                "dnsPolicy": "ClusterFirst",
                "nodeSelector": { "kubernetes.io/os": "linux" },
                "securityContext": {},
                "schedulerName": "default-scheduler"
              }
            },
            "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": 1, "maxSurge": 0 } },
            "revisionHistoryLimit": 10
          }
        }
        """);

    /// <summary>The Service that the load balancer sends to.</summary>
    public static JsonObject ServiceManifest() => Parse($$"""
        {
          "apiVersion": "v1", "kind": "Service",
          "metadata": {
            "name": "{{Name}}", "namespace": "{{Namespace}}",
            "labels": { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" }
          },
          "spec": {
            "ports": [
              { "name": "http", "protocol": "TCP", "port": 80, "targetPort": "http", "nodePort": 31380 },
              { "name": "https", "protocol": "TCP", "port": 443, "targetPort": "https", "nodePort": 31390 }
            ],
            "selector": { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
            "clusterIP": "10.0.112.10", "clusterIPs": ["10.0.112.10"],
            "type": "LoadBalancer", "sessionAffinity": "None", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31400,
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": true
          },
          "status": { "loadBalancer": { "ingress": [{ "ip": "{{Address}}", "ipMode": "VIP" }] } }
        }
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
