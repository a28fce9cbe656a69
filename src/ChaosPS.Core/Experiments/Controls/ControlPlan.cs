using System.Text.Json.Nodes;
using ChaosPS.Errors;

namespace ChaosPS.Experiments.Controls;

/// <summary>The controls of one run, placeholders filled: what they make of each activity, and what guards the run.</summary>
internal sealed class ControlPlan
{
    private readonly Dictionary<ExperimentActivity, ActivityControls> _ofActivities = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyList<ExperimentControl> _all;

    private ControlPlan(IReadOnlyList<ExperimentControl> all) => _all = all;

    /// <summary>That of a run without controls.</summary>
    public static ControlPlan None { get; } = new([]);

    /// <summary>What this version does not apply, and the run goes without.</summary>
    public IEnumerable<ExperimentControl> Skipped => _all.Where(static control => control.Native is null);

    /// <summary>What is left out, by the control that does it.</summary>
    public IEnumerable<IGrouping<string, string>> Bypassed => _ofActivities.Where(static entry => entry.Value.BypassedBy is not null)
        .GroupBy(static entry => entry.Value.BypassedBy!, static entry => entry.Key.Name);

    /// <summary>Makes the plan of a run.</summary>
    /// <exception cref="ChaosException">
    /// This version does not know a control, and nobody allows the run without it (id <c>ControlUnknown</c>), or an argument is wrong (<c>ArgumentInvalid</c>).
    /// </exception>
    public static ControlPlan Create(Experiment experiment, RunOptions options, Substitution substitution)
    {
        var plan = new ControlPlan(experiment.AllControls);
        if (!options.SkipUnknownControls && options.Compatibility != RunCompatibility.ChaosToolkit && plan.Skipped.Any())
            throw ChaosErrors.ControlUnknown(plan.Skipped.Select(static control => $"'{control}' ({control.Module})"));
        foreach (var safeguard in experiment.Safeguards) safeguard.Interval(substitution);
        foreach (var activity in experiment.Activities)
        {
            var controls = Of(activity, experiment, substitution);
            if (controls != ActivityControls.None) plan._ofActivities[activity] = controls;
        }

        return plan;
    }

    /// <summary>What controls make of an activity.</summary>
    public ActivityControls Of(ExperimentActivity activity) => _ofActivities.GetValueOrDefault(activity, ActivityControls.None);

    /// <summary>For the journal.</summary>
    public JsonArray ToJson() => new([.. _all.Select(static control => new JsonObject
    {
        ["name"] = control.Name,
        ["module"] = control.Module,
        ["applied"] = control.Native is not null,
    })]);

    /// <summary>Whether controls hold the tolerance of an activity of the method or the rollbacks.</summary>
    public static bool HoldsTolerance(ExperimentActivity activity, Experiment experiment) => activity.Tolerance is not null && Applied(activity, experiment)
        .Any(control => control.Native == ControlCatalogue.Tolerance || (control.Native == ControlCatalogue.WaitUntil && activity.Kind == ActivityKind.Probe));

    /// <summary>Those of the activity itself come before those of the experiment, which they replace if they have its name, and these before those of files.</summary>
    private static IEnumerable<ExperimentControl> Applied(ExperimentActivity activity, Experiment experiment) => activity.Controls
        .Concat(experiment.Controls.Where(control => control.Automatic && !activity.Controls.Any(own => own.Name == control.Name)))
        .Concat(experiment.GlobalControls);

    private static ActivityControls Of(ExperimentActivity activity, Experiment experiment, Substitution substitution)
    {
        ExperimentControl[] controls = [.. Applied(activity, experiment)];
        var (count, endsOnFailure) = Repeat(controls, substitution);
        var wait = activity.Kind == ActivityKind.Probe && activity.Tolerance is not null
            ? Array.Find(controls, static control => control.Native == ControlCatalogue.WaitUntil)
            : null;
        return new ActivityControls(
            controls.FirstOrDefault(control => Bypasses(control, activity, substitution))?.Name,
            count,
            endsOnFailure,
            HoldsTolerance(activity, experiment),
            wait is null ? null : Wait(wait, substitution));
    }

    private static bool Bypasses(ExperimentControl control, ExperimentActivity activity, Substitution substitution)
    {
        if (control.Native != ControlCatalogue.Bypass || control.Scope == ControlScope.After) return false;
        var arguments = control.Arguments(substitution);
        return arguments.OptionalText("target_type") == (activity.Kind == ActivityKind.Probe ? "probe" : "action")
            || arguments.Texts("target_names", separator: null)?.Contains(activity.Name) == true;
    }

    private static (int Count, bool EndsOnFailure) Repeat(ExperimentControl[] controls, Substitution substitution)
    {
        if (Array.Find(controls, static control => control.Native == ControlCatalogue.Repeat && control.Scope != ControlScope.Before) is not { } repeat) return (1, false);
        var arguments = repeat.Arguments(substitution);
        return (Math.Max(1, arguments.Number("repeat_count")), arguments.Flag("break_if_previous_iteration_failed"));
    }

    private static ToleranceWait Wait(ExperimentControl control, Substitution substitution)
    {
        var arguments = control.Arguments(substitution);
        return new ToleranceWait(Seconds("timeout"), Seconds("frequency"));

        TimeSpan Seconds(string name) => Safeguard.ToInterval(arguments.Value(name))
            ?? throw ChaosErrors.ArgumentInvalid(control.Name, name, "a number of seconds above 0", PythonValue.Repr(arguments.Value(name)));
    }
}
