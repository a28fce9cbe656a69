using ChaosPS.Errors;
using ChaosPS.Ports;

namespace ChaosPS.Experiments;

/// <summary>The strategies under <c>runtime</c>, of an experiment or of a settings file.</summary>
internal static class RuntimeBlock
{
    /// <summary>How the Chaos Toolkit once wrote the strategy <c>continuously</c>, and takes it still.</summary>
    public const string ContinuouslyMisspelt = "continously";

    private static readonly Dictionary<string, HypothesisStrategy> s_hypothesisStrategies = new()
    {
        ["default"] = HypothesisStrategy.Default,
        ["before-method-only"] = HypothesisStrategy.BeforeMethodOnly,
        ["after-method-only"] = HypothesisStrategy.AfterMethodOnly,
        ["during-method-only"] = HypothesisStrategy.DuringMethodOnly,
        ["continuously"] = HypothesisStrategy.Continuously,
        ["skip"] = HypothesisStrategy.Skip,
    };

    private static readonly Dictionary<string, RollbackStrategy> s_rollbackStrategies = new()
    {
        ["default"] = RollbackStrategy.Default,
        ["always"] = RollbackStrategy.Always,
        ["deviated"] = RollbackStrategy.Deviated,
        ["never"] = RollbackStrategy.Never,
    };

    /// <summary>When the hypothesis is checked.</summary>
    public static HypothesisStrategy Hypothesis(DocumentMapping owner, FindingList findings) =>
        Strategy(owner, "hypothesis", s_hypothesisStrategies, findings.BreaksRun, findings) ?? default;

    /// <summary>When the rollbacks are played; null when there is no such strategy.</summary>
    public static RollbackStrategy? Rollbacks(DocumentMapping owner, FindingList findings) =>
        Strategy(owner, "rollbacks", s_rollbackStrategies, findings.Warning, findings);

    private static T? Strategy<T>(
        DocumentMapping owner, string part, Dictionary<string, T> strategies, Action<string, DocumentNode, string, string?> report, FindingList findings)
        where T : struct, Enum
    {
        if (owner["runtime"] is not DocumentMapping runtime) return default(T);
        findings.UnknownKeys(runtime, "runtime", ["hypothesis", "rollbacks"]);
        if ((runtime[part] as DocumentMapping)?["strategy"] is not DocumentScalar { Value: { } value } node) return default(T);
        var name = PythonValue.Text(value);
        if (strategies.TryGetValue(name, out var strategy)) return strategy;
        if (name == ContinuouslyMisspelt && strategies.TryGetValue("continuously", out strategy))
        {
            findings.Warning("UnknownStrategy", node, $"The strategy '{name}' is taken for 'continuously'.", "Write continuously.");
            return strategy;
        }

        var suggestion = NearestNames.Suggest(name, strategies.Keys) ?? $"The strategies are {string.Join(", ", strategies.Keys)}.";
        report("UnknownStrategy", node, $"There is no {part} strategy '{name}'.", suggestion);
        return null;
    }
}
