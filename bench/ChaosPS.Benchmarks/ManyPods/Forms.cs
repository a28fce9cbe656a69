namespace ChaosPS.Benchmarks.ManyPods;

/// <summary>The forms in which lists are served.</summary>
internal static class Forms
{
    public const string Protobuf = "application/vnd.kubernetes.protobuf";
    public const string Json = "application/json";
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
}
