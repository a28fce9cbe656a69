using System.Globalization;
using System.Text.Json.Nodes;
using ChaosPS.Clusters;
using ChaosPS.Resilience;

namespace ChaosPS.Manifests;

/// <summary>Writes the rules of pods as manifests have them; what has its default is left out.</summary>
internal static class PodRules
{
    /// <summary>A term of pod affinity or anti-affinity; a preferred one with its weight around it.</summary>
    public static JsonObject Write(PodAffinityTerm term)
    {
        var written = new JsonObject();
        if (term.Selector is { } selector) written["labelSelector"] = Write(selector);
        written["topologyKey"] = term.TopologyKey;
        if (term.Namespaces.Count > 0) written["namespaces"] = Texts(term.Namespaces);
        if (term.NamespaceSelector is { } namespaces) written["namespaceSelector"] = Write(namespaces);
        if (term.MatchLabelKeys.Count > 0) written["matchLabelKeys"] = Texts(term.MatchLabelKeys);
        if (term.MismatchLabelKeys.Count > 0) written["mismatchLabelKeys"] = Texts(term.MismatchLabelKeys);
        return term.Weight == 0 ? written : new JsonObject { ["weight"] = term.Weight, ["podAffinityTerm"] = written };
    }

    /// <summary>A term of node affinity; a preferred one with its weight around it.</summary>
    public static JsonObject Write(NodeAffinityTerm term)
    {
        var written = new JsonObject();
        if (term.Requirements.Count > 0) written["matchExpressions"] = new JsonArray([.. term.Requirements.Select(Write)]);
        if (term.NodeNames.Count > 0)
            written["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = Texts(term.NodeNames) });
        return term.Weight == 0 ? written : new JsonObject { ["weight"] = term.Weight, ["preference"] = written };
    }

    /// <summary>A rule of even spread.</summary>
    public static JsonObject Write(TopologySpread rule)
    {
        var written = new JsonObject
        {
            ["maxSkew"] = rule.MaxSkew,
            ["topologyKey"] = rule.TopologyKey,
            ["whenUnsatisfiable"] = rule.IsRequired ? "DoNotSchedule" : "ScheduleAnyway",
        };
        if (rule.Selector is { } selector) written["labelSelector"] = Write(selector);
        if (rule.MatchLabelKeys.Count > 0) written["matchLabelKeys"] = Texts(rule.MatchLabelKeys);
        if (rule.MinDomains != 1) written["minDomains"] = rule.MinDomains;
        if (rule.HonorsTaints) written["nodeTaintsPolicy"] = "Honor";
        if (!rule.HonorsAffinity) written["nodeAffinityPolicy"] = "Ignore";
        return written;
    }

    /// <summary>A selector of labels.</summary>
    public static JsonObject Write(LabelSelector selector)
    {
        var labels = new JsonObject();
        var expressions = new JsonArray();
        foreach (var requirement in selector.Requirements)
        {
            if (requirement is { Operator: SelectorOperator.In, Values: [var value] } && !labels.ContainsKey(requirement.Key)) labels[requirement.Key] = value;
            else expressions.Add(Write(requirement));
        }

        var written = new JsonObject();
        if (labels.Count > 0) written["matchLabels"] = labels;
        if (expressions.Count > 0) written["matchExpressions"] = expressions;
        return written;
    }

    /// <summary>A readiness probe.</summary>
    public static JsonObject Write(ReadinessProbe probe)
    {
        var call = probe.HttpPath is { } path
            ? new JsonObject { ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = NumberOrText(probe.Port) } }
            : new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = NumberOrText(probe.Port) } };
        call["periodSeconds"] = probe.PeriodSeconds;
        return call;
    }

    /// <summary>A disruption budget's <c>spec</c>.</summary>
    public static JsonObject Write(DisruptionBudget budget)
    {
        var written = new JsonObject();
        if (budget.MinAvailable is { } least) written["minAvailable"] = NumberOrText(least);
        if (budget.MaxUnavailable is { } most) written["maxUnavailable"] = NumberOrText(most);
        if (budget.Selector is { } selector) written["selector"] = Write(selector);
        if (budget.AlwaysAllowUnhealthy) written["unhealthyPodEvictionPolicy"] = "AlwaysAllow";
        return written;
    }

    /// <summary>What the API calls an int-or-string: <c>1</c>, <c>25%</c>, the name of a port.</summary>
    public static JsonNode NumberOrText(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    private static JsonObject Write(LabelRequirement requirement)
    {
        var written = new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator.ToString() };
        if (requirement.Values.Count > 0) written["values"] = Texts(requirement.Values);
        return written;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode)text)]);
}
