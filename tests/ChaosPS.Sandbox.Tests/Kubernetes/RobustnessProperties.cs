using System.Net;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>Whatever a client sends, it gets an answer in the API's form, and the cluster stays readable.</summary>
public class RobustnessProperties
{
    private static readonly string[] s_names =
    [
        "metadata", "spec", "status", "name", "namespace", "labels", "annotations", "replicas", "selector", "matchLabels", "matchExpressions", "template", "strategy", "type",
        "rollingUpdate", "maxSurge", "maxUnavailable", "containers", "image", "resources", "requests", "limits", "cpu", "memory", "ports", "containerPort", "affinity",
        "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "labelSelector", "topologyKey", "finalizers", "ownerReferences", "volumes", "type", "clusterIP", "port", "nodePort", "minAvailable", "completions", "rules", "serviceName", "volumeClaimTemplates", "tolerations", "nodeSelector", "readinessProbe", "httpGet", "env",
        "minReadySeconds", "terminationGracePeriodSeconds", "unschedulable", "taints", "key", "operator", "values", "service", "$patch", "uid", "resourceVersion",
    ];

    [Property(MaxTest = 100)]
    public Property Any_patch_is_answered()
    {
        var patches = Gen.Sized(size => Json(Math.Min(size / 8, 5)));
        var types = Gen.Elements("application/merge-patch+json", "application/strategic-merge-patch+json");
        var paths = Gen.Elements(
            "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy/scale",
            "api/v1/nodes/aks-nodepool1-36421985-vmss000000");
        var requests = from patch in patches from type in types from path in paths select (Patch: patch?.ToJsonString() ?? "null", Type: type, Path: path);
        return Prop.ForAll(requests.ToArbitrary(), request => IsAnswered("PATCH", request.Path, request.Patch, request.Type));
    }

    /// <summary>Patches that keep the way to the deep fields, so that these are reached.</summary>
    [Property(MaxTest = 100)]
    public Property Any_value_in_any_field_is_answered()
    {
        var fields = Gen.Elements(
            "spec", "spec/replicas", "spec/strategy", "spec/strategy/rollingUpdate", "spec/strategy/rollingUpdate/maxSurge", "spec/selector", "spec/selector/matchExpressions",
            "spec/template", "spec/template/metadata", "spec/template/metadata/annotations", "spec/template/spec", "spec/template/spec/containers", "spec/template/spec/containers/0",
            "spec/template/spec/containers/0/resources", "spec/template/spec/containers/0/resources/requests", "spec/template/spec/containers/0/resources/requests/cpu",
            "spec/template/spec/containers/0/ports", "spec/template/spec/containers/0/env", "spec/template/spec/containers/0/readinessProbe", "spec/template/spec/affinity",
            "spec/template/spec/affinity/podAntiAffinity", "spec/template/spec/tolerations", "spec/template/spec/nodeSelector", "spec/template/spec/terminationGracePeriodSeconds",
            "spec/template/spec/serviceAccountName", "metadata/labels", "metadata/annotations", "spec/minReadySeconds");
        var requests = from field in fields from value in Gen.Sized(size => Json(Math.Min(size / 12, 3))) select (Field: field, Value: value?.ToJsonString() ?? "null");
        return Prop.ForAll(requests.ToArbitrary(), request => IsAnswered(
            "PATCH", "apis/apps/v1/namespaces/contactsapp/deployments/ca-deploy", $$"""[{"op":"add","path":"/{{request.Field}}","value":{{request.Value}}}]""", "application/json-patch+json"));
    }

    /// <summary>Whole objects of every type: what is written first can be anything, so whatever reads it later has to bear it.</summary>
    [Property(MaxTest = 150)]
    public Property Any_object_of_any_type_is_answered()
    {
        var types = Gen.Elements(ResourceTypes.All.Where(type => type.Verbs.Contains("create") && type.Verbs.Contains("list")).ToArray());
        var bodies = Gen.Sized(size => Json(Math.Min(size / 12, 4)));
        var texts = bodies.Select(body => body?.ToJsonString() ?? "null");
        var requests = types.SelectMany(type => texts.SelectMany(spec => texts.SelectMany(other => Gen.Elements("POST", "APPLY", "PUT").Select(
            method => (Type: type, Spec: spec, Other: other, Method: method)))));
        return Prop.ForAll(requests.ToArbitrary(), request =>
        {
            var root = $"{request.Type.Root}/{(request.Type.Namespaced ? "namespaces/default/" : "")}{request.Type.Plural}";
            var workload = $$$"""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{{{request.Spec}}}}}""";
            return new[] { request.Spec, workload }.All(spec =>
            {
                var body = $$$"""{"kind":"{{{request.Type.Kind}}}","apiVersion":"{{{request.Type.ApiVersion}}}","metadata":{"name":"x","labels":{{{(request.Method == "PUT" ? "{}" : request.Other)}}}},"spec":{{{spec}}},"status":{{{request.Other}}},"data":{{{request.Other}}}}""";
                return request.Method switch
                {
                    "POST" => IsAnswered("POST", root, body, "application/json", $"{root}/x"),
                    "PUT" => IsAnswered("PUT", $"{root}/x", body, "application/json", $"{root}/x"),
                    _ => IsAnswered("PATCH", $"{root}/x?fieldManager=me", body, "application/apply-patch+yaml", $"{root}/x"),
                };
            });
        });
    }

    private static bool IsAnswered(string method, string path, string body, string type, params string[] after)
    {
        using var client = new SandboxClient();
        var answer = client.Kubernetes(method, path, body, type).GetAwaiter().GetResult();
        client.Clock.Advance(TimeSpan.FromSeconds(30));
        string[] lists = ["api/v1/pods", "api/v1/nodes", "api/v1/services", "apis/discovery.k8s.io/v1/endpointslices", "apis/apps/v1/deployments", "apis/apps/v1/replicasets"];
        foreach (var read in after)
        {
            client.Kubernetes("PATCH", read, """{"metadata":{"annotations":{"a":"b"}}}""", "application/merge-patch+json").GetAwaiter().GetResult();
            client.Kubernetes("GET", read, accept: "application/json;as=Table;v=v1;g=meta.k8s.io").GetAwaiter().GetResult();
            client.Kubernetes("DELETE", read).GetAwaiter().GetResult();
        }

        return (answer.Status is HttpStatusCode.OK or HttpStatusCode.Created || (string)answer.Json["kind"]! == "Status")
            && Array.TrueForAll(lists, list => client.Kubernetes("GET", list).GetAwaiter().GetResult().Status == HttpStatusCode.OK);
    }

    private static Gen<JsonNode?> Json(int depth)
    {
        var leaves = Gen.Elements<Func<JsonNode?>>(
            () => null, () => 0, () => 2, () => -1, () => 1.5, () => true, () => "", () => "1", () => "100m", () => "25%", () => "x", () => "Exists", () => "delete").Select(make => make());
        if (depth <= 0) return leaves;
        var objects = Gen.ListOf(Gen.Zip(Gen.Elements(s_names), Json(depth - 1))).Select(members => (JsonNode?)new JsonObject(
            members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone()))));
        var lists = Gen.ListOf(Json(depth - 1)).Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]));
        return Gen.Frequency((2, leaves), (4, objects), (1, lists));
    }
}
