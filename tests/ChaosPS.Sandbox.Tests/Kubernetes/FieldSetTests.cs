using System.Text.Json.Nodes;
using ChaosPS.Clusters.Schema;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Ownership;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>Who owns which field, against the managed fields of recorded objects.</summary>
public class FieldSetTests
{
    [Theory]
    [InlineData("v1", "Pod", "pod")]
    [InlineData("v1", "Pod", "daemon-pod")]
    [InlineData("v1", "Node", "node")]
    [InlineData("v1", "Node", "node-notready")]
    [InlineData("v1", "Namespace", "namespace")]
    [InlineData("apps/v1", "Deployment", "deployment")]
    [InlineData("apps/v1", "ReplicaSet", "replicaset")]
    [InlineData("discovery.k8s.io/v1", "EndpointSlice", "endpointslice")]
    [InlineData("coordination.k8s.io/v1", "Lease", "lease")]
    public void Every_field_that_somebody_owns_in_a_recorded_object_is_one_that_can_be_owned(string apiVersion, string kind, string recorded)
    {
        var json = Recorded.Read(recorded);
        var owned = json["metadata"]!["managedFields"]!.AsArray().Select(entry => FieldSet.Parse((JsonObject)entry!["fieldsV1"]!.DeepClone())).ToArray();
        var known = FieldSet.Of(ManagedFields.Ownable(json), new ApiPlace(ApiSchema.Find(apiVersion, kind))).Paths().Select(FieldSet.Text).ToHashSet();

        Assert.NotEmpty(owned);
        var paths = owned.SelectMany(set => set.Paths()).Where(path => FieldSet.Find(json, path) is not null).Select(FieldSet.Text).ToArray();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.Contains(path, known));
    }

    [Theory]
    [InlineData("v1", "Service", """{"spec":{"ports":[{"port":80}],"selector":{"a":"b"}}}""", ".spec.ports[port=80,protocol=\"TCP\"].port,.spec.selector")]
    [InlineData("apps/v1", "Deployment", """{"spec":{"selector":{"matchLabels":{"a":"b"}},"replicas":1}}""", ".spec.replicas,.spec.selector")]
    [InlineData("networking.k8s.io/v1", "Ingress", """{"spec":{"rules":[{"host":"a"}]}}""", ".spec.rules")]
    [InlineData("v1", "ConfigMap", """{"data":{"a":"1","b":"2"},"metadata":{"finalizers":["x"]}}""", ".data.a,.data.b,.metadata.finalizers[=\"x\"]")]
    public void A_list_or_map_has_parts_where_its_type_says_so(string apiVersion, string kind, string json, string expected) =>
        Assert.Equal(expected, string.Join(',', FieldSet.Of(JsonNode.Parse(json)!.AsObject(), new ApiPlace(ApiSchema.Find(apiVersion, kind))).Paths().Select(FieldSet.Text)));
}
