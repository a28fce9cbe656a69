using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ChaosPS.Sandbox.Kubernetes.OpenApi;
using ChaosPS.Sandbox.Kubernetes.Tables;

namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>A cluster of any size whose lists are made while they are sent: Deployments of thirty pods, ten of them in a namespace, thirty pods a node.</summary>
internal sealed class GeneratedCluster
{
    public const int PodsOfWorkload = 30;
    private const int WorkloadsOfNamespace = 10;

    private static readonly Dictionary<string, JsonObject> s_objects = new[] { "pod", "node", "deployment" }.ToDictionary(name => name, Load);
    private static readonly Dictionary<(string Resource, string Form), Template> s_templates = [];

    private readonly int _pods;

    public GeneratedCluster(int pods) => _pods = pods;

    /// <summary>A page of a list, part by part; the first begins with the list's head.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Page(string resource, string form, int start, int limit)
    {
        var count = Count(resource);
        var end = (int)Math.Min(count, (long)start + limit);
        var template = Of(resource, form);
        var separator = form == Forms.Protobuf ? [0x12, .. Varint(template.Length)] : ","u8.ToArray();
        var items = end - start;
        var (head, tail) = form == Forms.Protobuf
            ? ProtobufFrame(resource, items * (long)(separator.Length + template.Length), end < count ? end : null)
            : JsonFrame(resource, form, end < count ? end : null);
        yield return head;

        const int Batch = 16;
        var buffer = new byte[Batch * (separator.Length + template.Length)];
        for (var index = start; index < end;)
        {
            var length = 0;
            for (var number = 0; number < Batch && index < end; number++, index++)
            {
                if (form == Forms.Protobuf || index > start)
                {
                    separator.CopyTo(buffer, length);
                    length += separator.Length;
                }

                template.Write(buffer.AsSpan(length), Values(resource, index));
                length += template.Length;
            }

            yield return buffer.AsMemory(0, length);
        }

        yield return tail;
    }

    /// <summary>How many objects a list has.</summary>
    public int Count(string resource) => resource switch
    {
        "pods" => _pods,
        "nodes" or "deployments" => _pods / PodsOfWorkload,
        _ => 0,
    };

    private long[] Values(string resource, int index)
    {
        var workload = resource == "deployments" ? index : index / PodsOfWorkload;
        var nodes = _pods / PodsOfWorkload;

        // Far from its neighbours, as a scheduler would put it.
        var node = resource == "nodes" ? index : (int)((index * 7919L) % nodes);
        return [index, workload, workload / WorkloadsOfNamespace, node, index * 104_729L % 1_000_000_000_000, 1 + (node % 3)];
    }

    private static Template Of(string resource, string form)
    {
        lock (s_templates)
        {
            if (!s_templates.TryGetValue((resource, form), out var template)) s_templates.Add((resource, form), template = new Template(Encode(resource, form)));
            return template;
        }
    }

    private static byte[] Encode(string resource, string form)
    {
        if (!s_objects.TryGetValue(resource.TrimEnd('s'), out var item)) return [];
        var (apiVersion, kind) = Kind(resource);
        switch (form)
        {
            case Forms.Protobuf:
                var alone = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
                foreach (var (name, value) in item) alone[name] = value?.DeepClone();
                return ProtobufWriter.WriteItem(alone);
            case Forms.Table:
                return Encoding.UTF8.GetBytes(new JsonObject
                {
                    ["cells"] = TableLayout.Cells(TableLayout.Of(kind), item, new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)),
                    ["object"] = new JsonObject
                    {
                        ["kind"] = "PartialObjectMetadata",
                        ["apiVersion"] = "meta.k8s.io/v1",
                        ["metadata"] = item["metadata"]!.DeepClone(),
                    },
                }.ToJsonString());
            default:
                return Encoding.UTF8.GetBytes(item.ToJsonString());
        }
    }

    private static (byte[] Head, byte[] Tail) ProtobufFrame(string resource, long items, int? next)
    {
        var (apiVersion, kind) = Kind(resource);
        var token = Encoding.ASCII.GetBytes(next?.ToString(CultureInfo.InvariantCulture) ?? "");
        byte[] metadata = [0x0A, 0, 0x12, 3, .. "100"u8, 0x1A, (byte)token.Length, .. token];
        byte[] type = [0x0A, (byte)apiVersion.Length, .. Encoding.ASCII.GetBytes(apiVersion), 0x12, (byte)(kind.Length + 4), .. Encoding.ASCII.GetBytes(kind + "List")];
        return ([.. "k8s\0"u8, 0x0A, (byte)type.Length, .. type, 0x12, .. Varint(2 + metadata.Length + items), 0x0A, (byte)metadata.Length, .. metadata], [0x1A, 0, 0x22, 0]);
    }

    private static (byte[] Head, byte[] Tail) JsonFrame(string resource, string form, int? next)
    {
        var (apiVersion, kind) = Kind(resource);
        var metadata = $$"""{"resourceVersion":"100"{{(next is null ? "" : $",\"continue\":\"{next}\"")}}}""";
        var text = form == Forms.Table
            ? $$"""{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{{metadata}},"columnDefinitions":{{new JsonArray([.. TableLayout.Of(kind).Select(column => column.Define())]).ToJsonString()}},"rows":["""
            : $$"""{"kind":"{{kind}}List","apiVersion":"{{apiVersion}}","metadata":{{metadata}},"items":[""";
        return (Encoding.UTF8.GetBytes(text), "]}"u8.ToArray());
    }

    private static (string ApiVersion, string Kind) Kind(string resource) => resource switch
    {
        "pods" => ("v1", "Pod"),
        "nodes" => ("v1", "Node"),
        "deployments" => ("apps/v1", "Deployment"),
        "statefulsets" => ("apps/v1", "StatefulSet"),
        _ => ("apps/v1", "DaemonSet"),
    };

    private static JsonObject Load(string name)
    {
        using var stream = typeof(GeneratedCluster).Assembly.GetManifestResourceStream($"{name}.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
