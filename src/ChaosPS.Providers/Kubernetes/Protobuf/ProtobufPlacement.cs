using System.Runtime.CompilerServices;
using ChaosPS.Clusters;
using ChaosPS.Clusters.Schema;

namespace ChaosPS.Providers.Kubernetes.Protobuf;

/// <summary>
/// Reads where a pod serves in one pass over its bytes: what <see cref="KubernetesReader.ReadPlacement"/> does, without looking up each field by its
/// name. Of the largest clusters nothing else is read so often.
/// </summary>
internal static class ProtobufPlacement
{
    private static readonly int s_metadata = Number("Pod", "metadata");
    private static readonly int s_spec = Number("Pod", "spec");
    private static readonly int s_status = Number("Pod", "status");
    private static readonly int s_nodeName = Number("PodSpec", "nodeName");
    private static readonly int s_conditions = Number("PodStatus", "conditions");
    private static readonly int s_conditionType = Number("PodCondition", "type");
    private static readonly int s_conditionStatus = Number("PodCondition", "status");
    private static readonly int s_namespace = Number("ObjectMeta", "namespace", "meta/v1");
    private static readonly int s_labels = Number("ObjectMeta", "labels", "meta/v1");
    private static readonly int s_deletionTimestamp = Number("ObjectMeta", "deletionTimestamp", "meta/v1");

    /// <summary>Where a pod serves; null when it does not.</summary>
    /// <exception cref="InvalidDataException">The bytes are no pod.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PodPlacement? Read(ProtobufMessage pod)
    {
        ReadOnlySpan<byte> metadata = [], spec = [], status = [];
        var seen = 0;
        var scanner = new ProtobufScanner(pod.Bytes);
        while (scanner.Next())
        {
            if (scanner.Field == s_metadata) metadata = scanner.Bytes();
            else if (scanner.Field == s_spec) spec = scanner.Bytes();
            else if (scanner.Field == s_status) status = scanner.Bytes();
            else continue;

            // A pod that has swallowed the next one would hide it.
            var part = 1 << scanner.Field;
            if ((seen & part) != 0) throw new InvalidDataException($"field {scanner.Field} of a Pod stands there twice");
            seen |= part;
        }

        var node = Last(spec, s_nodeName);
        if (node.IsEmpty || !IsReady(status)) return null;
        ReadOnlySpan<byte> space = [], deletion = [];
        var (begin, end, before) = (0, 0, 0);
        scanner = new ProtobufScanner(metadata);
        for (; scanner.Next(); before = scanner.Position)
        {
            if (scanner.Field == s_namespace)
            {
                space = scanner.Bytes();
            }
            else if (scanner.Field == s_labels)
            {
                if (end == 0) begin = before;
                end = scanner.Position;
            }
            else if (scanner.Field == s_deletionTimestamp)
            {
                deletion = scanner.Bytes();
            }
        }

        if (ProtobufScalars.Time(deletion, isMicro: false) is not null) return null;
        return new PodPlacement(
            space.IsEmpty ? "default" : pod.RecentTexts.Read(space), pod.RecentTexts.Read(node), pod.ReadMap(metadata[begin..end], s_labels));
    }

    /// <summary>Whether the first condition Ready is True.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsReady(ReadOnlySpan<byte> status)
    {
        var scanner = new ProtobufScanner(status);
        while (scanner.Next())
        {
            if (scanner.Field != s_conditions) continue;
            ReadOnlySpan<byte> type = [], value = [];
            var condition = new ProtobufScanner(scanner.Bytes());
            while (condition.Next())
            {
                if (condition.Field == s_conditionType) type = condition.Bytes();
                else if (condition.Field == s_conditionStatus) value = condition.Bytes();
            }

            if (type.SequenceEqual("Ready"u8)) return value.SequenceEqual("True"u8);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<byte> Last(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> value = [];
        var scanner = new ProtobufScanner(message);
        while (scanner.Next())
        {
            if (scanner.Field == field) value = scanner.Bytes();
        }

        return value;
    }

    private static int Number(string type, string field, string apiVersion = "v1") => ApiSchema.Find(apiVersion, type)!.ByName[field].Number;
}
