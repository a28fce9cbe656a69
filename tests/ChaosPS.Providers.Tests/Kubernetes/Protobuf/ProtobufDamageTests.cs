using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;
using ChaosPS.Errors;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Protobuf;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using FsCheck.Xunit;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

/// <summary>Lists that were damaged on the way: none may be taken for a shorter one.</summary>
public sealed class ProtobufDamageTests
{
    private const int Count = 3;
    private const string Next = "bmV4dA";

    private static readonly ApiType s_pod = ApiSchema.Find("v1", "Pod")!;

    [Fact]
    public void A_list_that_is_cut_at_any_byte_is_whole_or_said_to_be_cut()
    {
        var body = SmallPods();
        var whole = 0;
        for (var length = 0; length < body.Length; length++)
        {
            var part = body[..length];
            if (Record.Exception(() => Read(part)) is { } exception) Assert.IsType<EndOfStreamException>(exception);
            else whole++;
        }

        Assert.Equal(2, whole); // without the two empty fields that come after the list, or without the last of them
    }

    [Fact]
    public void A_list_of_which_any_one_byte_is_any_other_is_as_long_as_it_was_or_refused()
    {
        var body = SmallPods();
        var read = 0;
        for (var place = 0; place < body.Length; place++)
        {
            var right = body[place];
            for (var wrong = 0; wrong <= byte.MaxValue; wrong++)
            {
                body[place] = (byte)wrong;
                if (IsReadInFull(body)) read++;
            }

            body[place] = right;
        }

        Assert.InRange(read, body.Length, 256 * body.Length); // texts may say something else then
    }

    [Property(MaxTest = 200)]
    public void A_list_of_any_pods_that_is_cut_and_damaged_anywhere_is_as_long_as_it_was_or_refused(int seed)
    {
        var random = new Random(seed);
        var objects = new RandomObjects(seed);
        var body = Body([.. Enumerable.Range(0, Count).Select(_ => Whole(objects.Make(s_pod)))]);
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var part = body[..random.Next(body.Length)];
            if (Record.Exception(() => Read(part)) is { } exception) Assert.IsType<EndOfStreamException>(exception);

            var damaged = body.ToArray();
            damaged[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            IsReadInFull(damaged);
        }
    }

    /// <summary>Whether a list is read; it is a mistake when that is another one than it was.</summary>
    private static bool IsReadInFull(byte[] body)
    {
        try
        {
            var page = Read(body);
            Assert.Equal(Count, page.Items.Count);
            Assert.NotEmpty(page.Continue);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ChaosException { ErrorId: "ApiAnswerInvalid" or "QuantityInvalid" })
        {
            return false;
        }
    }

    private static ListPage<string> Read(byte[] body)
    {
        using var stream = new MemoryStream(body);
        return new ProtobufList(s_pod).ReadAsync<string>(stream, Add, static _ => { }, default).GetAwaiter().GetResult();

        static void Add(ApiFields item, List<string> names)
        {
            ProtobufPlacement.Read((ProtobufMessage)item.Message!);
            names.Add(KubernetesReader.ReadPod(item, new ClusterIdentity("aks", "https://api.example.com", "U"), default).Name);
        }
    }

    private static byte[] SmallPods() => Body([.. Enumerable.Range(0, Count).Select(number => Whole(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = $"p{number}", ["labels"] = new JsonObject { ["app"] = "a" } },
        ["spec"] = new JsonObject { ["nodeName"] = "n" },
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }) },
    }))]);

    /// <summary>A pod with the parts that an API server always writes.</summary>
    private static JsonObject Whole(JsonObject pod)
    {
        foreach (var part in new[] { "metadata", "spec", "status" }) pod[part] ??= new JsonObject();
        return pod;
    }

    private static byte[] Body(JsonNode[] pods) => ProtobufWriter.Write(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PodList",
        ["metadata"] = new JsonObject { ["resourceVersion"] = "12", ["continue"] = Next },
        ["items"] = new JsonArray(pods),
    });
}
