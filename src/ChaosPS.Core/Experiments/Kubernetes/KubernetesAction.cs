using System.Text.Json;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Kubernetes;

/// <summary>An action on Kubernetes: it plans changes of objects, before the run and again when its turn comes, then makes them one by one.</summary>
/// <param name="module">The Python module.</param>
/// <param name="function">The function in it.</param>
/// <param name="help">What it does.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="plan">Finds what there is to change. It changes nothing.</param>
internal sealed class KubernetesAction(
    string module, string function, string help, ActivityArgument[] arguments, Func<KubernetesCall, CancellationToken, Task<ActionPlan>> plan)
    : NativeActivity(module, function, ActivityKind.Action, help, arguments)
{
    /// <summary>The same action under its deprecated name.</summary>
    public KubernetesAction Deprecated(string module, string function) => new(module, function, Help, [.. Arguments], plan) { Replacement = ToString() };

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<ActivityTarget>> ResolveAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var planned = await plan(
            new KubernetesCall
            {
                Activity = request.Activity,
                Arguments = new ActivityArguments(request.Activity, Arguments, request.Arguments),
                Connection = request.Connection,
                Files = request.Files,
                Random = request.Random,
                Phase = request.Phase,
                IsPlan = true,
                Others = request.Earlier,
            },
            cancellationToken);
        foreach (var step in planned.Steps)
        {
            await request.Gate.CheckAsync(step.Object, request.Phase == RunPhase.Rollbacks, cancellationToken);
            if (step.EndsWorkload && request.Phase == RunPhase.Method) await request.Gate.CheckEndAsync(step.Object, request.Log, cancellationToken);
        }

        // Rollbacks meet the cluster as the method leaves it: that is judged when their turn comes.
        if (planned.Check is { } check && request.Phase == RunPhase.Method) await check(request.Gate, request.Log, cancellationToken);
        return [.. planned.Steps.Select(step => new ObjectTarget(request.Phase, request.Activity, step.Verb, step.Object, step.Irreversible))];
    }

    /// <inheritdoc/>
    internal override async Task<object?> RunAsync(
        ActivityContext context, IReadOnlyDictionary<string, object?> given, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Phase is RunPhase.Before or RunPhase.During or RunPhase.After) throw ChaosErrors.ActionInHypothesis(context.Activity, Function);
        var call = KubernetesCall.Of(context, Arguments, given);
        var planned = await plan(call, cancellationToken);
        if (planned.Check is { } check) await check(context.Gate, null, cancellationToken);
        var answers = new List<JsonElement?>();
        foreach (var step in planned.Steps) answers.Add(await step.MakeAsync(call, context, cancellationToken));
        return planned.Result?.Invoke(answers);
    }
}
