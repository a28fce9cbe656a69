using ChaosPS.Errors;

namespace ChaosPS.Clusters;

/// <summary>Turns objects of the Kubernetes API into the domain's records.</summary>
/// <remarks>
/// A field that the API leaves out has the API's default. An object without a name is no object: <see cref="ChaosException"/>
/// with id <c>ApiAnswerInvalid</c>. Quantities that cannot be read: id <c>QuantityInvalid</c>.
/// Source of the fields: https://kubernetes.io/docs/reference/kubernetes-api/ .
/// </remarks>
public static partial class KubernetesReader
{
    /// <summary>Reads a label selector object (<c>matchLabels</c>, <c>matchExpressions</c>); an empty one matches everything.</summary>
    public static LabelSelector ReadLabelSelector(ApiFields selector)
    {
        var labels = LabelSelector.FromLabels(selector.Map("matchLabels"));
        return selector.Items("matchExpressions") is { Count: > 0 } expressions
            ? new LabelSelector([.. labels.Requirements, .. expressions.Select(ReadRequirement)])
            : labels;
    }

    /// <summary>A requirement of a label selector or of a node affinity term. An operator that does not exist matches nothing.</summary>
    private static LabelRequirement ReadRequirement(ApiFields requirement)
    {
        var known = Enum.TryParse<SelectorOperator>(requirement.Text("operator"), out var comparison);
        return new(requirement.Text("key") ?? "", known ? comparison : SelectorOperator.In, known ? requirement.Texts("values") : []);
    }

    private static string Name(ApiFields item, string kind, ClusterIdentity cluster) =>
        item.Text("metadata", "name") ?? throw ChaosErrors.ApiAnswerInvalid(kind, cluster.Name, "it has no name");

    private static DateTimeOffset Created(ApiFields item, DateTimeOffset otherwise) => item.Time("metadata", "creationTimestamp") ?? otherwise;

    private static TaintEffect? ReadEffect(ApiFields item) =>
        Enum.TryParse<TaintEffect>(item.Text("effect"), out var effect) ? effect : null;

    private static ResourceQuantities ReadResources(ApiFields? resources, ApiFields? otherwise = null) => new(
        (resources?.Scalar("cpu") ?? otherwise?.Scalar("cpu")) is { } cpu ? KubernetesQuantity.ParseMilli(cpu) : 0,
        (resources?.Scalar("memory") ?? otherwise?.Scalar("memory")) is { } memory ? KubernetesQuantity.ParseWhole(memory) : 0);
}
