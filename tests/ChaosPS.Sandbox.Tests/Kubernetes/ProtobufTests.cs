using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using FsCheck.Xunit;

namespace ChaosPS.Sandbox.Tests.Kubernetes;

/// <summary>The bodies that kubectl 1.32 sends in protobuf, whatever the server says it takes.</summary>
public class ProtobufTests
{
    [Theory]
    [InlineData( // kubectl create deployment x --image=nginx
        "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqMBChsKAXgSABoAIgAqADIAOABCAFoICgNhcHASAXgSdggBEgoKCAoDYXBwEgF4Gl4KGgoAEgAaACIAKgAyADgAQgBaCAoDYXBwEgF4EkASIgoFbmdpbngSBW5naW54KgBCAGoAcgCAAQCIAQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=",
        """{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"x","labels":{"app":"x"}},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"nginx","image":"nginx","resources":{}}],"securityContext":{}}},"strategy":{}},"status":{}}""")]
    [InlineData( // kubectl create cronjob cj --image=busybox --schedule=1
        "azhzAAoTCghiYXRjaC92MRIHQ3JvbkpvYhKTAQoSCgJjahIAGgAiACoAMgA4AEIAEnsKATEaACp0ChIKAmNqEgAaACIAKgAyADgAQgASXjJcChAKABIAGgAiACoAMgA4AEIAEkgSIQoCY2oSB2J1c3lib3gqAEIAagByAIABAIgBAJABAKIBABoJT25GYWlsdXJlMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAaABoAIgA=",
        """{"kind":"CronJob","apiVersion":"batch/v1","metadata":{"name":"cj"},"spec":{"schedule":"1","jobTemplate":{"metadata":{"name":"cj"},"spec":{"template":{"spec":{"containers":[{"name":"cj","image":"busybox"}],"restartPolicy":"OnFailure"}}}}}}""")]
    [InlineData( // kubectl create pdb p --selector=a=b --min-available=1
        "azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSMwoRCgFwEgAaACIAKgAyADgAQgASEgoGCAAQARoAEggKBgoBYRIBYhoKCAAYACAAKAAwABoAIgA=",
        """{"kind":"PodDisruptionBudget","apiVersion":"policy/v1","metadata":{"name":"p"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}}""")]
    [InlineData( // kubectl create service clusterip s --tcp=80:80
        "azhzAAoNCgJ2MRIHU2VydmljZRJgChsKAXMSABoAIgAqADIAOABCAFoICgNhcHASAXMSPQoYCgU4MC04MBIDVENQGFAiBggAEFAaACgAEggKA2FwcBIBcxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
        """{"kind":"Service","apiVersion":"v1","metadata":{"name":"s","labels":{"app":"s"}},"spec":{"ports":[{"name":"80-80","protocol":"TCP","port":80,"targetPort":80}],"selector":{"app":"s"},"type":"ClusterIP"}}""")]
    [InlineData( // kubectl create ingress i --rule=a/b=c:80
        "azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxI8ChEKAWkSABoAIgAqADIAOABCABIjGiEKAWESHAoaChgKAi9iEgsiCQoBYxIECgAQUBoFRXhhY3QaAgoAGgAiAA==",
        """{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"i"},"spec":{"rules":[{"host":"a","http":{"paths":[{"path":"/b","pathType":"Exact","backend":{"service":{"name":"c","port":{"number":80}}}}]}}]}}""")]
    public void What_kubectl_creates_is_read_as_it_would_have_been_in_json(string body, string expected)
    {
        var read = ProtobufReader.Read(Convert.FromBase64String(body));

        Assert.Equal(Sparse(JsonNode.Parse(expected))!.ToJsonString(), Sparse(read)!.ToJsonString());

        // Written again, it is what kubectl wrote, byte for byte.
        Assert.Equal(body, Convert.ToBase64String(ProtobufWriter.Write(read)));
    }

    [Theory]
    [InlineData("pods-list")]
    [InlineData("nodes-list-notready")]
    [InlineData("deployments-list")]
    [InlineData("pdbs")]
    public void Lists_of_a_real_server_are_written_with_every_field(string recording)
    {
        var list = Recorded.Read(recording);
        var (apiVersion, kind) = ((string)list["apiVersion"]!, ((string)list["kind"]!)[..^"List".Length]);

        foreach (var item in list["items"]!.AsArray())
        {
            var alone = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
            foreach (var (name, value) in item!.AsObject()) alone[name] = value?.DeepClone();
            Assert.Equal(Sparse(alone, withZeros: false)!.ToJsonString(), Sparse(ProtobufReader.Read(ProtobufWriter.Write(alone)), withZeros: false)!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("e30=")]
    [InlineData("azhzAP8=")]
    [InlineData("azhzAAr/")]
    [InlineData("azhzAAoPCgJ2MRIJTm90aGluZ2s=")]
    public void A_body_that_is_no_message_is_refused(string body) =>
        Assert.Throws<StatusException>(() => ProtobufReader.Read(Convert.FromBase64String(body)));

    [Property]
    public void Broken_bytes_are_refused_or_read_but_never_fail_otherwise(byte[] noise, int at)
    {
        var body = Convert.FromBase64String("azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqMBChsKAXgSABoAIgAqADIAOABCAFoICgNhcHASAXgSdggBEgoKCAoDYXBwEgF4Gl4KGgoAEgAaACIAKgAyADgAQgBaCAoDYXBwEgF4EkASIgoFbmdpbngSBW5naW54KgBCAGoAcgCAAQCIAQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=");
        for (var index = 0; index < noise.Length && body.Length > 0; index++) body[(int)((uint)(at + index * 7) % body.Length)] = noise[index];
        try
        {
            ProtobufReader.Read(body);
        }
        catch (StatusException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    /// <summary>Without empty objects, which mean nothing, and members in the order of their names.</summary>
    private static JsonNode? Sparse(JsonNode? node, bool withZeros = true) => node switch
    {
        JsonObject map => new JsonObject(map
            .Select(member => KeyValuePair.Create(member.Key, Sparse(member.Value, withZeros)))
            .Where(member => withZeros || member.Value?.ToJsonString() is not ("0" or "\"\"" or "false"))
            .Where(member => member.Value is not (null or JsonObject { Count: 0 }))
            .OrderBy(member => member.Key, StringComparer.Ordinal)),
        JsonArray list => new JsonArray([.. list.Select(item => Sparse(item, withZeros))]),
        _ => node?.DeepClone(),
    };
}
