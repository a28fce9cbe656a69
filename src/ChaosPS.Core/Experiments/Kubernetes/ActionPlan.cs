using System.Text.Json;
using ChaosPS.Ports;
using ChaosPS.Safety;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>What an action does to the cluster.</summary>
/// <param name="Steps">The changes, in order.</param>
/// <param name="Result">The action's output, of what the API answered to each; null for none.</param>
internal sealed record ActionPlan(IReadOnlyList<ActionStep> Steps, Func<IReadOnlyList<JsonElement?>, object?>? Result = null)
{
    /// <summary>Refuses what the rules forbid of all changes together; null where each is judged by itself.</summary>
    public Func<BlastGate, IChaosLog?, CancellationToken, Task>? Check { get; init; }

    /// <summary>A plan whose output is what the API answered to its only change, or the object as it is when there is nothing to change.</summary>
    public static ActionPlan Answering(ActionStep? step, JsonElement? otherwise = null) => new(
        step is null ? [] : [step],
        answers => (answers.Count > 0 ? answers[0] : otherwise) is { } item ? JsonValues.FromJson(item) : null);

    /// <summary>A plan whose output is the names of the objects.</summary>
    public static ActionPlan Naming(IReadOnlyList<ActionStep> steps) => new(steps, _ => steps.Select(static object? (step) => step.Object.Name).ToArray());
}
