using System.Globalization;
using System.Text;
using ChaosPS.Clusters;

namespace ChaosPS.Simulation.Workloads;

/// <summary>The identity of a pod template: two that are written alike are the same template.</summary>
internal static class PodTemplate
{
    /// <summary>The label that tells the pods of one template from those of another.</summary>
    public const string HashLabel = "pod-template-hash";

    /// <summary>The template in one canonical text.</summary>
    public static string Describe(IReadOnlyDictionary<string, string> labels, PodSpec spec)
    {
        var text = new StringBuilder();
        AppendLabels(text, labels);
        foreach (var container in spec.Containers)
        {
            text.Append(CultureInfo.InvariantCulture, $"|{container.Name},{container.Image},{container.Requests.MilliCpu},");
            text.Append(CultureInfo.InvariantCulture, $"{container.Requests.MemoryBytes},{container.HasReadinessProbe}");
        }

        text.Append('|');
        AppendLabels(text, spec.NodeSelector);
        foreach (var toleration in spec.Tolerations) text.Append(CultureInfo.InvariantCulture, $"|{toleration}");
        text.Append(CultureInfo.InvariantCulture, $"|{spec.TerminationGracePeriodSeconds}");
        foreach (var term in spec.Affinity.RequiredNodes) AppendTerm(text, "nr", term);
        foreach (var term in spec.Affinity.PreferredNodes) AppendTerm(text, "np", term);
        foreach (var term in spec.Affinity.RequiredPods) AppendTerm(text, "pr", term);
        foreach (var term in spec.Affinity.PreferredPods) AppendTerm(text, "pp", term);
        foreach (var term in spec.Affinity.RequiredAntiPods) AppendTerm(text, "ar", term);
        foreach (var term in spec.Affinity.PreferredAntiPods) AppendTerm(text, "ap", term);
        foreach (var rule in spec.TopologySpread) AppendSpread(text, rule);
        if (spec.Priority != 0 || spec.NeverPreempts) text.Append(CultureInfo.InvariantCulture, $"|priority {spec.Priority},{spec.NeverPreempts}");
        if (spec.TemplateMark.Length > 0) text.Append(CultureInfo.InvariantCulture, $"|mark {spec.TemplateMark}");
        return text.ToString();
    }

    /// <summary>The value of <see cref="HashLabel"/>: 32-bit FNV-1a, as Kubernetes uses it, over our own canonical text.</summary>
    public static string Hash(IReadOnlyDictionary<string, string> labels, PodSpec spec)
    {
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(Describe(labels, spec)))
        {
            hash = (hash ^ value) * 16777619u;
        }

        return SafeText.Encode(hash);
    }

    private static void AppendLabels(StringBuilder text, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            if (key != HashLabel) text.Append(CultureInfo.InvariantCulture, $"{key}={value};");
        }
    }

    private static void AppendTerm(StringBuilder text, string sort, NodeAffinityTerm term)
    {
        text.Append(CultureInfo.InvariantCulture, $"|{sort}{term.Weight}:{string.Join(',', term.NodeNames)}");
        AppendRequirements(text, term.Requirements);
    }

    private static void AppendTerm(StringBuilder text, string sort, PodAffinityTerm term)
    {
        text.Append(CultureInfo.InvariantCulture, $"|{sort}{term.Weight}:{term.TopologyKey}:{string.Join(',', term.Namespaces)}");
        if (term.Selector is { } selector) AppendRequirements(text, selector.Requirements);
        else text.Append('-');
        if (term.NamespaceSelector is { } namespaces) text.Append(CultureInfo.InvariantCulture, $",in {namespaces}");
        foreach (var key in term.MatchLabelKeys) text.Append(CultureInfo.InvariantCulture, $",same {key}");
        foreach (var key in term.MismatchLabelKeys) text.Append(CultureInfo.InvariantCulture, $",other {key}");
    }

    private static void AppendSpread(StringBuilder text, TopologySpread rule)
    {
        text.Append(CultureInfo.InvariantCulture, $"|ts{rule.TopologyKey},{rule.MaxSkew},{rule.IsRequired},{rule.MinDomains},{rule.HonorsTaints},");
        text.Append(CultureInfo.InvariantCulture, $"{rule.HonorsAffinity},{string.Join(';', rule.MatchLabelKeys)}");
        if (rule.Selector is { } selector) AppendRequirements(text, selector.Requirements);
        else text.Append('-');
    }

    private static void AppendRequirements(StringBuilder text, IReadOnlyList<LabelRequirement> requirements)
    {
        foreach (var requirement in requirements)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{requirement.Key} {requirement.Operator} {string.Join(',', requirement.Values)}]");
        }
    }
}
