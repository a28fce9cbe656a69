using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;
using ChaosPS.Providers.Kubernetes;
using ChaosPS.Providers.Kubernetes.Protobuf;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using FsCheck.Xunit;

namespace ChaosPS.Providers.Tests.Kubernetes.Protobuf;

public sealed class ProtobufListTests
{
    private static readonly ClusterIdentity s_cluster = new("aks", "https://api.example.com", "U");
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 100)]
    public void Pods_are_read_as_they_are_in_json(int seed) =>
        AssertSame("v1", "Pod", seed, static item => KubernetesReader.ReadPod(item, s_cluster, s_now));

    [Property(MaxTest = 40)]
    public void Pods_that_share_their_specs_are_what_they_were(int seed)
    {
        var specs = new SharedSpecs();
        AssertSame("v1", "Pod", seed, item => KubernetesReader.ReadPod(item, s_cluster, s_now, specs.Share));
    }

    [Property(MaxTest = 100)]
    public void Placements_are_read_as_they_are_in_json(int seed) => AssertSame("v1", "Pod", seed, ReadPlacement);

    [Property(MaxTest = 100)]
    public void Nodes_are_read_as_they_are_in_json(int seed) =>
        AssertSame("v1", "Node", seed, static item => KubernetesReader.ReadNode(item, s_cluster, s_now));

    [Property(MaxTest = 40)]
    public void Workloads_are_read_as_they_are_in_json(int seed)
    {
        foreach (var kind in new[] { "Deployment", "StatefulSet", "DaemonSet" })
            AssertSame("apps/v1", kind, seed, item => KubernetesReader.ReadWorkload(item, kind, s_cluster));
    }

    [Fact]
    public async Task Nodes_of_a_real_server_are_read_as_they_are_in_json()
    {
        var list = JsonNode.Parse(FakeServer.Recorded("nodes-list"))!.AsObject();

        var page = await Read(ProtobufWriter.Write(list), "v1", "Node", static item => KubernetesReader.ReadNode(item, s_cluster, s_now));

        Assert.Equal(
            list["items"]!.AsArray().Select(item => Text(KubernetesReader.ReadNode(JsonSerializer.SerializeToElement(item), s_cluster, s_now))), page.Items.Select(Text));
        Assert.Equal((string)list["metadata"]!["resourceVersion"]!, page.ResourceVersion);
    }

    [Fact]
    public async Task The_position_of_the_next_page_is_read()
    {
        var page = await Read(ProtobufWriter.Write(Pods("""{"resourceVersion":"12","continue":"abc","remainingItemCount":7}""")), "v1", "Pod", static item => item.Text("metadata", "name"));

        Assert.Equal(("12", "abc", 0), (page.ResourceVersion, page.Continue, page.Items.Count));
    }

    [Property(MaxTest = 200)]
    public void Fields_that_nobody_knows_are_passed_over_whatever_their_wire_type(int seed)
    {
        var random = new Random(seed);
        var pod = new RandomObjects(seed).Make(ApiSchema.Find("v1", "Pod")!);
        (pod["apiVersion"], pod["kind"]) = ("v1", "Pod");
        byte[] item = [.. Unknown(random), .. ProtobufWriter.WriteItem(pod), .. Unknown(random)];
        var strange = Body("PodList", [0x0A, 2, 0x1A, 0, 0x12, .. Varint(item.Length), .. item], [.. Unknown(random)]);

        Assert.Equal((string)pod["metadata"]!["name"]!, Assert.Single(Names(strange)));
    }

    /// <summary>A length that claims gigabytes must not make anybody reserve them, and no bytes may lead anywhere but to the one exception.</summary>
    [Property(MaxTest = 200)]
    public void Broken_bytes_are_refused_or_read_but_never_fail_otherwise(int seed)
    {
        var random = new Random(seed);
        var body = ProtobufWriter.Write(Pods("""{"resourceVersion":"1"}""", new RandomObjects(seed).Make(ApiSchema.Find("v1", "Pod")!)));
        for (var change = random.Next(1, 6); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(body, "v1", "Pod", static item => KubernetesReader.ReadPod(item, s_cluster, s_now)).GetAwaiter().GetResult();
        }
        catch (InvalidDataException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
        catch (Errors.ChaosException exception)
        {
            Assert.Contains(exception.ErrorId, new[] { "ApiAnswerInvalid", "QuantityInvalid" });
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L * body.Length + 1_000_000);
    }

    [Theory]
    [InlineData("", "it ends after 0 bytes")]
    [InlineData("6B3873", "it ends after 3 bytes")]
    [InlineData("6B387300", "it ends before its list")]
    [InlineData("6B3873000A081206536F6D65", "it ends after 12 bytes")]
    [InlineData("6B38730012060A021A0012", "it ends after 11 bytes")]
    public void Where_it_is_cut_off_is_said(string hex, string why) =>
        Assert.Equal(why, Assert.Throws<EndOfStreamException>(() => Names(Convert.FromHexString(hex))).Message);

    [Theory]
    [InlineData("6B387332", "it does not begin as Kubernetes' protobuf does")]
    [InlineData("6B38730012FFFFFFFFFFFFFFFF7F", "field 2 is longer than what it is in")]
    [InlineData("6B387300120612FFFFFFFF07", "field 2 is longer than what it is in")]
    [InlineData("6B3873001200", "it has no metadata")]
    [InlineData("6B3873001000", "its list is a number")]
    [InlineData("6B38730012040A021A0012040A021A00", "it has two lists")]
    [InlineData("6B38730012080A021A000A021A00", "field 1 is none of a list, or stands there twice")]
    [InlineData("6B38730012020A00", "it does not say whether it goes on")]
    [InlineData("6B38730012050A030A0161", "field 1 is none of a list's metadata, or stands there twice")]
    [InlineData("6B38730012060A0412001200", "field 2 is none of a list's metadata, or stands there twice")]
    [InlineData("6B38730012040A022A00", "field 5 is none of a list's metadata, or stands there twice")]
    [InlineData("6B38730012060A041A002001", "it goes on, and does not say where")]
    [InlineData("6B387300120A0A021A0012040A000A00", "field 1 of a Pod stands there twice")]
    [InlineData("6B3873000A0812065374617475731200", "it is a Status, not a PodList")]
    [InlineData("6B38730012020000", "a field has no number")]
    [InlineData("6B387300120212FFFFFFFFFFFFFFFFFFFF01", "a number is longer than what it is in")]
    [InlineData("6B38730012020C00", "field 1 should have a length")]
    [InlineData("6B38730012022A00", "field 5 is none of a list, or stands there twice")]
    [InlineData("6B3873002C", "field 5 ends a group that did not begin")]
    [InlineData("6B3873002B00", "a field has no number")]
    [InlineData("6B38730012022F00", "field 5 has the unknown wire type 7")]
    public void What_is_wrong_is_said(string hex, string why) =>
        Assert.Equal(why, Assert.Throws<InvalidDataException>(() => Names(Convert.FromHexString(hex))).Message);

    [Fact]
    public void An_item_that_claims_to_be_larger_than_any_object_is_refused_before_it_is_read()
    {
        var large = Body("PodList", [0x12, .. Varint(20_000_000)], padding: 20_000_000);

        Assert.Contains("more than any object can have", Assert.Throws<InvalidDataException>(() => Names(large)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_of_one_workload_share_their_labels_and_texts()
    {
        var specs = new SharedSpecs();
        var pod = """
            {
              "metadata": {"name": "NAME", "labels": {"app": "a", "tier": "b"}},
              "spec": {
                "nodeName": "node-1", "nodeSelector": {"pool": "a"},
                "containers": [{"name": "c", "image": "i", "resources": {"requests": {"cpu": "1"}}, "volumeMounts": [{"name": "token-NAME"}]}],
                "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {"matchLabels": {"app": "a"}}, "topologyKey": "zone"}]}},
                "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "a"}}}],
                "tolerations": [{"key": "k", "operator": "Exists"}]
              }
            }
            """;
        var list = Pods("{}", [.. new[] { "p1", "p2" }.Select(name => JsonNode.Parse(pod.Replace("NAME", name, StringComparison.Ordinal))!.AsObject())]);

        var pods = (await Read(ProtobufWriter.Write(list), "v1", "Pod", item => KubernetesReader.ReadPod(item, s_cluster, s_now, specs.Share))).Items;

        Assert.Same(pods[0].Labels, pods[1].Labels);
        Assert.Same(pods[0].NodeName, pods[1].NodeName);
        Assert.Same(pods[0].Spec, pods[1].Spec);
    }

    private static PodPlacement? ReadPlacement(ApiFields pod) =>
        pod.Message is ProtobufMessage message ? ProtobufPlacement.Read(message) : KubernetesReader.ReadPlacement(pod);

    private static void AssertSame<T>(string apiVersion, string kind, int seed, Func<ApiFields, T> read)
    {
        var random = new RandomObjects(seed);
        JsonObject[] items = [.. Enumerable.Range(0, 3).Select(_ => random.Make(ApiSchema.Find(apiVersion, kind)!))];
        var list = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind + "List", ["items"] = new JsonArray([.. items]) };

        var page = Read(ProtobufWriter.Write(list), apiVersion, kind, read).GetAwaiter().GetResult();

        Assert.Equal(items.Length, page.Items.Count);
        foreach (var (item, fromProtobuf) in items.Zip(page.Items)) Assert.Equal(Text(read(JsonSerializer.SerializeToElement(item))), Text(fromProtobuf));
    }

    private static string Text<T>(T record) => JsonSerializer.Serialize(record);

    private static JsonObject Pods(string metadata, params JsonObject[] items) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PodList",
        ["metadata"] = JsonNode.Parse(metadata),
        ["items"] = new JsonArray([.. items]),
    };

    private static List<string> Names(byte[] body) =>
        Read(body, "v1", "Pod", static item => item.Text("metadata", "name") ?? "").GetAwaiter().GetResult().Items;

    private static Task<ListPage<T>> Read<T>(byte[] body, string apiVersion, string kind, Func<ApiFields, T> read) =>
        new ProtobufList(ApiSchema.Find(apiVersion, kind)!).ReadAsync<T>(new SlowStream(body), (item, items) => items.Add(read(item)), static _ => { }, default);

    private static byte[] Body(string kind, byte[] list, byte[]? before = null, int padding = 0)
    {
        byte[] meta = [0x0A, 0x02, .. "v1"u8, 0x12, (byte)kind.Length, .. Encoding.UTF8.GetBytes(kind)];
        return [.. "k8s\0"u8, 0x0A, (byte)meta.Length, .. meta, .. before ?? [], 0x12, .. Varint(list.Length + padding), .. list, .. new byte[padding]];
    }

    private static byte[] Unknown(Random random) => random.Next(6) switch
    {
        0 => [.. Varint(99 << 3), .. Varint(random.Next())],
        1 => [.. Varint(99 << 3 | 1), .. new byte[8]],
        2 => [.. Varint(99 << 3 | 2), 3, 1, 2, 3],
        3 => [.. Varint(99 << 3 | 5), .. new byte[4]],
        4 => [.. Varint(99 << 3 | 3), .. Unknown(random), .. Varint(99 << 3 | 4)],
        _ => [],
    };

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }

    /// <summary>A body that comes in small parts.</summary>
    private sealed class SlowStream(byte[] body) : MemoryStream(body, writable: false)
    {
        private readonly Random _random = new(body.Length);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, 3000))], cancellationToken);
    }
}
